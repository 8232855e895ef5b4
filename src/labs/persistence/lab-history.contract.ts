import { MINUTE, plus } from '../../kernel/clocks';
import { type LabChange } from '../domain/lab-change';
import { type LabHistory } from '../domain/ports';
import { NOW } from '../testing/labs-bench';

const at = (minute: number) => plus(NOW, minute * MINUTE);

function aChange(id: string, minute: number, given: Partial<LabChange> = {}): LabChange {
  return {
    ...{ id, workerId: 'w-1', labId: 'a', title: null, owner: 'alice', from: null, to: 'STARTED' },
    ...{ since: at(minute - 1), at: at(minute), by: null },
    ...given,
  };
}

/** What every LabHistory does; `open` answers an empty one. */
export function labHistoryContract(kind: string, open: () => Promise<LabHistory>): void {
  describe(`${kind} history of labs`, () => {
    let history: LabHistory;
    beforeEach(async () => {
      history = await open();
    });

    it('keeps a change once, as it was first recorded, and the others beside it', async () => {
      const first = aChange('c-1', 1, { title: 'OSPF', by: 'user:ann', since: null });
      await history.add([first]);
      await history.add([aChange('c-0', 0), { ...first, by: null }, aChange('c-2', 2)]);
      await history.add([]);
      expect(await history.recent('w-1', 10)).toEqual([aChange('c-0', 0), first, aChange('c-2', 2)]);
    });

    it('answers the newest of a worker, oldest first', async () => {
      await history.add([aChange('c-3', 3), aChange('c-1', 1, { labId: 'b' }), aChange('c-2', 2)]);
      await history.add([aChange('c-9', 9, { workerId: 'w-2' })]);
      const ids = async (limit: number) => (await history.recent('w-1', limit)).map(({ id }) => id);
      expect(await ids(2)).toEqual(['c-2', 'c-3']);
      expect(await ids(10)).toEqual(['c-1', 'c-2', 'c-3']);
    });

    it('answers a lab’s in pages that inserts do not move', async () => {
      await history.add([aChange('c-2', 1), aChange('c-1', 1), aChange('c-3', 2), aChange('c-4', 3)]);
      await history.add([aChange('x', 1, { labId: 'b' }), aChange('y', 1, { workerId: 'w-2' })]);
      const [first, second] = await history.page('w-1', 'a', null, 2);
      expect([first?.id, second?.id]).toEqual(['c-1', 'c-2']);
      await history.add([aChange('c-0', 0)]);
      const rest = await history.page('w-1', 'a', second ?? null, 10);
      expect(rest.map(({ id }) => id)).toEqual(['c-3', 'c-4']);
    });
  });
}
