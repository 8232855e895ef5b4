import { type SseConnection } from '../../../test/support/sse-client';
import { eventually } from '../../../test/support/eventually';
import { LogTail } from '../../event-store';
import { type Reachable } from '../../kernel/reach';
import { FakeWorkerGate } from '../../http/testing/fake-worker-gate';
import { keyOf } from '../../http/testing/http-app';
import { type AuditApp, startAuditApp, workerId, Writer } from '../testing/audit-app';

const aWorker = (number: number): Reachable => ({ id: workerId(number), awsRegion: 'eu-west-1', tags: {} });
const MINE = workerId(1);

/** Worker 1 is the caller's; worker 2 is not, nor is what is no worker's. */
describe('the events of a part of the fleet', () => {
  let http: AuditApp;
  let writer: Writer;
  let gate: FakeWorkerGate;
  const open: SseConnection[] = [];
  const headers = { Authorization: `Bearer ${keyOf('viewer')}@${MINE}` };

  beforeEach(async () => {
    gate = new FakeWorkerGate(aWorker(1), aWorker(2));
    http = await startAuditApp({ workerGate: gate });
    writer = new Writer(http.store);
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.close();
    await http.close();
  });

  /** An event of each worker, of labs of both, and of what is of no worker, though it may have the id of one. */
  const happen = async () => {
    for (const number of [1, 2]) await writer.append(number, 1);
    const ofWorkers = [`labs-${MINE}`, `labs-${workerId(2)}`, `license-${MINE}`];
    for (const stream of [...ofWorkers, `apikey-${MINE}`, 'reaper']) await writer.appendTo(stream, 1);
    // those of one pass have no order; this one comes after all of them
    await http.store.sequence();
    await writer.appendTo(`labs-${workerId(3)}`, 1);
    await http.store.sequence();
    await http.app.get(LogTail, { strict: false }).refresh();
  };
  const subjectsOf = async (query = '', caller: object = { headers }) => {
    const { body } = await http.call('GET', `/api/v1/events${query}`, caller);
    const { items, nextCursor } = body as { items: { subject: string }[]; nextCursor: string | null };
    return { subjects: items.map(({ subject }) => subject), nextCursor };
  };

  it.each(['asc', 'desc'])('are those of its workers and of their labs, as a list (%s)', async (order) => {
    await happen();
    expect((await subjectsOf(`?order=${order}`, { as: 'viewer' })).subjects).toHaveLength(8);
    expect(await subjectsOf(`?order=${order}`)).toEqual({ subjects: [MINE, MINE], nextCursor: null });
  });

  it('are none of a worker that is named but out of reach, as of one that is not there', async () => {
    await happen();
    const nothing = { subjects: [], nextCursor: null };
    // nor is anything looked for: a cursor would tell how much there is
    const read = jest.spyOn(http.store, 'readLog');
    expect(await subjectsOf(`?workerIds=${workerId(2)}`)).toEqual(nothing);
    expect(await subjectsOf(`?workerIds=${workerId(9)}`)).toEqual(nothing);
    expect(read.mock.calls.filter(([, , filter]) => filter?.streams)).toEqual([]);
    const both = await subjectsOf(`?workerIds=${workerId(2)},${MINE.toUpperCase()}`);
    expect(both.subjects).toEqual([MINE, MINE]);
  });

  it('are looked for through the log where the part has many workers, with nothing of others', async () => {
    const many = Array.from({ length: 60 }, (_, index) => aWorker(index + 100));
    gate.workers = [...many, aWorker(1), aWorker(2)];
    jest.spyOn(gate, 'idsWithin').mockResolvedValue([MINE, ...many.map(({ id }) => id)]);
    await happen();
    expect((await subjectsOf()).subjects).toEqual([MINE, MINE]);
    expect((await subjectsOf('?order=desc&limit=1')).subjects).toEqual([MINE]);
  });

  it('come as a stream, but for those that were read while the worker was out of reach', async () => {
    const connection = await http.follow({ key: `${keyOf('viewer')}@${MINE}`, filters: { after: '0' } });
    open.push(connection);
    const events: { subject: string; version: number }[] = [];
    const reading = (async () => {
      for await (const { data } of connection) events.push(JSON.parse(data) as (typeof events)[number]);
    })();
    const looked = jest.spyOn(gate, 'within');
    /** until the stream has come to the last one of them */
    const happenAndBeRead = async () => {
      const looks = () => looked.mock.calls.filter(([asked]) => asked.includes(workerId(3))).length;
      const before = looks();
      await happen();
      await eventually(() => expect(looks()).toBeGreaterThan(before));
    };
    await happenAndBeRead();
    gate.workers = [aWorker(2)];
    await happenAndBeRead();
    gate.workers = [aWorker(1)];
    await happenAndBeRead();
    const seen = [1, 1, 3, 3].map((version) => ({ subject: MINE, version }));
    await eventually(() => expect(events).toMatchObject(seen));
    connection.close();
    await reading;
  });

  it('come as none for whoever has some of its labs only', async () => {
    await happen();
    const someLabs = { headers: { Authorization: `Bearer ${keyOf('viewer')}@${MINE}/lab-1` } };
    expect(await subjectsOf('', someLabs)).toEqual({ subjects: [], nextCursor: null });
  });
});
