import { anOrder, hours, NOW } from '../testing/assignment.builder';
import { type RequestPage, type RequestReadModel } from '../domain/ports';
import { WorkerRequest } from '../domain/worker-request';
import { type WorkerRequestState } from '../domain/worker-request-state';

/** What every RequestReadModel does; `open` answers an empty one. */
export function requestReadModelContract(kind: string, open: () => Promise<RequestReadModel>): void {
  describe(`${kind} list of requests`, () => {
    let model: RequestReadModel;
    beforeEach(async () => {
      model = await open();
    });

    const record = (id: string, given: Partial<WorkerRequestState> = {}): WorkerRequestState => ({
      ...WorkerRequest.make(id, anOrder({ tags: [{ key: 'course', value: 'bgp' }] }), NOW).state,
      ...given,
    });
    const put = (id: string, given: Partial<WorkerRequestState> = {}, version = 1) =>
      model.put(record(id, given), version);
    const ids = async (given: Partial<RequestPage> = {}) => {
      const page = { userId: null, states: null, visible: null, after: null, limit: 10, ...given };
      return (await model.page(page)).map(({ id }) => id);
    };

    it('shows a record as it was put', async () => {
      const failure = { code: 'request-timed-out', message: 'late' };
      const ended = record('r-1', { state: 'failed', failure, endedAt: hours(1), workerId: 'w-1' });
      await model.put(ended, 3);
      const [found] = await model.page({ userId: null, states: null, visible: null, after: null, limit: 1 });
      expect(found).toEqual(ended);
    });

    it('keeps the newest, whatever comes late or twice', async () => {
      await put('r-1', { message: 'two' }, 2);
      await put('r-1', { message: 'one' }, 1);
      await put('r-1', { message: 'again' }, 2);
      expect(await model.open()).toMatchObject([{ message: 'two' }]);
      await put('r-1', { message: 'three' }, 3);
      expect(await model.open()).toMatchObject([{ message: 'three' }]);
    });

    it('knows what is under way, oldest first', async () => {
      await put('r-1', { requestedAt: hours(1) });
      await put('r-2', { state: 'ready' });
      await put('r-3', { state: 'starting', requestedAt: hours(1) });
      await put('r-4', { state: 'cancelled', endedAt: NOW });
      expect((await model.open()).map(({ id }) => id)).toEqual(['r-2', 'r-1', 'r-3']);
      await put('r-2', { state: 'expired', endedAt: NOW }, 2);
      expect((await model.open()).map(({ id }) => id)).toEqual(['r-1', 'r-3']);
    });

    it('pages newest first, in places that inserts do not move', async () => {
      for (const id of ['r-1', 'r-2', 'r-3']) await put(id);
      await put('r-4', { requestedAt: hours(1) });
      expect(await ids()).toEqual(['r-4', 'r-3', 'r-2', 'r-1']);
      expect(await ids({ limit: 2 })).toEqual(['r-4', 'r-3']);
      await put('r-5', { requestedAt: hours(2) });
      expect(await ids({ after: { requestedAt: NOW, id: 'r-3' } })).toEqual(['r-2', 'r-1']);
      expect(await ids({ after: { requestedAt: hours(1), id: 'r-4' }, limit: 1 })).toEqual(['r-3']);
    });

    it('finds by user, by state and by who may see it', async () => {
      await put('r-1');
      await put('r-2', { userId: 'user:bob', workerId: 'w-1', state: 'starting' });
      await put('r-3', { userId: 'user:bob' });
      expect(await ids({ userId: 'user:bob' })).toEqual(['r-3', 'r-2']);
      expect(await ids({ states: ['starting', 'failed'] })).toEqual(['r-2']);
      const visible = { userId: 'user:ann', workerIds: ['w-1'] };
      expect(await ids({ visible })).toEqual(['r-2', 'r-1']);
      expect(await ids({ visible: { userId: 'user:eve', workerIds: [] } })).toEqual([]);
      expect(await ids({ visible, userId: 'user:bob', after: { requestedAt: NOW, id: 'r-3' } })).toEqual([
        'r-2',
      ]);
      expect(await ids({ visible, userId: '$ne' })).toEqual([]);
    });
  });
}
