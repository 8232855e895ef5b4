import { eventually } from '../../../test/support/eventually';
import { type CallOptions } from '../../http/testing/http-app';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { CmlError } from '../../telemetry';
import { WORKER_ID } from '../../workers/testing/worker.builder';
import { aLab } from '../testing/fake-labs';
import { labsApp } from '../testing/labs-app';
import { aRunningWorker } from '../testing/labs-bench';

const WORKER = `/api/v1/workers/${WORKER_ID}`;
const LABS = `${WORKER}/labs`;
const SEEN = [
  { id: 'b', title: 'BGP', owner: 'bob', state: 'STARTED', nodeCount: 2 },
  { id: 'a', title: 'OSPF', owner: 'alice', state: 'STOPPED', nodeCount: 6 },
  { id: 'c', title: null, owner: null, state: 'STOPPED', nodeCount: null },
];

let parts: Awaited<ReturnType<typeof labsApp>>;
beforeEach(async () => {
  parts = await labsApp();
});
afterEach(() => parts.http.close());

const get = (path: string, options: CallOptions = { as: 'viewer' }) => parts.http.call('GET', path, options);
const post = (path: string, body: object = {}) => parts.http.call('POST', path, { as: 'operator', body });
const body = async (path: string) => (await get(path)).body as Record<string, unknown>;
const idsIn = (answer: Record<string, unknown>) => (answer['items'] as { id: string }[]).map(({ id }) => id);

/** The operation, carried out. */
async function carriedOut(location: string | null): Promise<unknown> {
  return eventually(async () => {
    await parts.carryOut();
    const { body: operation } = await get(location ?? '');
    expect(['succeeded', 'failed']).toContain((operation as { state: string }).state);
    return operation;
  });
}

describe('GET /workers/{id}/labs', () => {
  it('shows the labs as they were last observed, with the age of that', async () => {
    await parts.observe(SEEN);
    parts.http.clock.advance(42 * SECOND);
    const answer = await body(LABS);
    expect(answer).toMatchObject({
      observedAt: '2027-01-01T12:00:00.000Z',
      ageSeconds: 42,
      nextCursor: null,
    });
    expect(idsIn(answer)).toEqual(['c', 'b', 'a']);
    expect((answer['items'] as unknown[])[1]).toEqual({ ...SEEN[0], createdAt: null, modifiedAt: null });
  });

  it('filters by state and owner, and goes on after a cursor', async () => {
    await parts.observe(SEEN);
    expect(idsIn(await body(`${LABS}?state=STARTED`))).toEqual(['b']);
    expect(idsIn(await body(`${LABS}?owner=alice,bob&state=STOPPED,STARTED`))).toEqual(['b', 'a']);
    const first = await body(`${LABS}?limit=2`);
    expect(idsIn(first)).toEqual(['c', 'b']);
    await parts.observe([...SEEN, { ...SEEN[0]!, id: 'd', title: 'AAA' }]);
    const second = await body(`${LABS}?limit=2&cursor=${String(first['nextCursor'])}`);
    expect([idsIn(second), second['nextCursor']]).toEqual([['a'], null]);
  });

  it('says that nothing was ever read, in the list and of a lab', async () => {
    expect(await body(LABS)).toEqual({ items: [], nextCursor: null, observedAt: null, ageSeconds: null });
    expect(await body(`${LABS}/a`)).toMatchObject({
      ...{ status: 404, code: 'lab-not-found' },
      detail: 'There is no lab a: the labs of the worker were never read.',
    });
  });

  it('asks the server itself where that is wanted, if the worker runs', async () => {
    parts.client.put(aLab('a', { state: 'STARTED' }));
    const live = await body(`${LABS}?live=true`);
    expect([idsIn(live), live['ageSeconds']]).toEqual([['a'], 0]);
    expect(await body(`${LABS}/a?live=true`)).toEqual({
      ...{ id: 'a', title: 'Lab a', owner: 'alice', state: 'STARTED', nodeCount: 4, ageSeconds: 0 },
      ...{ createdAt: '2026-12-01T09:00:00.000Z', modifiedAt: '2026-12-24T09:00:00.000Z' },
      observedAt: '2027-01-01T12:00:00.000Z',
    });
    expect(await body(`${LABS}/b?live=true`)).toMatchObject({ status: 404, code: 'lab-not-found' });
    parts.client.failures.push(new CmlError('timeout', 'it is silent'));
    expect(await body(`${LABS}?live=true`)).toMatchObject({ status: 503, code: 'cml-unavailable' });
    parts.workers.workers = [aRunningWorker({ status: 'STOPPED' })];
    expect(await body(`${LABS}?live=true`)).toMatchObject({ status: 409, code: 'invalid-transition' });
  });

  it.each(['a%2Fb', 'a%2E%2E', 'x'.repeat(65)])('takes no id that would change the path: %s', async (id) => {
    expect((await get(`${LABS}/${id}/topology`, { as: 'operator' })).status).toBeGreaterThanOrEqual(404);
    expect(parts.client.acts).toEqual([]);
  });
});

describe('a lab', () => {
  it('is started and stopped, and its history tells by whom', async () => {
    const { client, observe, http } = parts;
    const lab = aLab('a');
    client.put(lab);
    await observe([lab]);
    const { status, headers, body: answer } = await post(`${LABS}/a/start`, { reason: 'a course' });
    expect([status, headers.get('location'), answer]).toMatchObject([202, `${LABS}/a`, { state: 'STOPPED' }]);
    http.clock.advance(MINUTE);
    await observe([{ ...lab, state: 'STARTED' }]);
    expect((await post(`${LABS}/a/stop`)).status).toBe(202);
    expect(client.acts).toEqual(['start a', 'stop a']);
    const { items } = (await body(`${LABS}/a/history`)) as { items: object[] };
    expect(items).toMatchObject([
      { from: null, to: 'STOPPED', since: null, at: '2027-01-01T12:00:00.000Z', by: null },
      {
        ...{ from: 'STOPPED', to: 'STARTED', by: 'api-key:key-of-operator' },
        ...{ since: '2027-01-01T12:00:00.000Z', at: '2027-01-01T12:01:00.000Z' },
      },
    ]);
    const first = await body(`${LABS}/a/history?limit=1`);
    const rest = await body(`${LABS}/a/history?limit=1&cursor=${String(first['nextCursor'])}`);
    expect([...idsIn(first), ...idsIn(rest)]).toEqual(idsIn(await body(`${LABS}/a/history`)));
    expect(rest['nextCursor']).toBeNull();
    expect(await body(`${LABS}/b/history`)).toMatchObject({ status: 404, code: 'lab-not-found' });
  });

  it('is not started where CML refuses it', async () => {
    parts.client.put(aLab('a'));
    parts.client.refusal = new CmlError('refused', 'no licence for that many nodes');
    expect(await post(`${LABS}/a/start`)).toMatchObject({
      status: 502,
      body: { code: 'cml-refused', detail: 'no licence for that many nodes' },
    });
  });
});

describe('POST /workers/{id}/labs/stop-all', () => {
  it('is an operation that stops them, for as long as the worker runs', async () => {
    const { client } = parts;
    client.put(aLab('a', { state: 'STARTED' }), aLab('b', { state: 'STARTED' }), aLab('c'));
    const { status, headers, body: accepted } = await post(`${LABS}/stop-all`, { reason: 'night' });
    expect([status, accepted]).toMatchObject([
      202,
      { kind: 'stop-labs', workerId: WORKER_ID, state: 'pending' },
    ]);
    expect(await carriedOut(headers.get('location'))).toMatchObject({
      ...{ state: 'succeeded', progress: 1, result: { stopped: 2 } },
      message: '2 labs were stopped; no node runs.',
    });
    const second = await post(`${LABS}/stop-all`);
    parts.workers.workers = [aRunningWorker({ status: 'STOPPING' })];
    expect(await carriedOut(second.headers.get('location'))).toMatchObject({
      ...{ state: 'failed', error: { code: 'invalid-transition' } },
    });
    expect((await post(`${LABS}/stop-all`)).status).toBe(409);
  });
});

describe('topologies', () => {
  const YAML = 'lab:\n  title: OSPF\n  password: s3cret\n';

  it('are downloaded as files, by operators only, and logged nowhere', async () => {
    parts.client.put(aLab('a', { title: '../OSPF & "Größe" 1' }), aLab('b', { title: '实验' }));
    parts.client.topologies.set('a', YAML).set('b', YAML);
    const { status, headers, body: text } = await get(`${LABS}/a/topology`, { as: 'operator' });
    expect([status, text]).toEqual([200, YAML]);
    expect(headers.get('content-type')).toMatch(/^application\/yaml/);
    expect(headers.get('content-disposition')).toBe('attachment; filename=OSPF-Gr-e-1.yaml');
    expect(headers.get('cache-control')).toBe('no-store');
    const other = await get(`${LABS}/b/topology`, { as: 'operator' });
    expect(other.headers.get('content-disposition')).toBe('attachment; filename=b.yaml');
    for (const path of [`${LABS}/a/topology`, `${WORKER}/topologies`, `${WORKER}/topologies/${WORKER_ID}`])
      expect((await get(path)).status).toBe(403);
    expect((await get(`${LABS}/c/topology`, { as: 'operator' })).status).toBe(404);
    expect(JSON.stringify(parts.http.log)).not.toContain('s3cret');
  });

  it('are kept, listed and downloaded, also when the worker is gone', async () => {
    const { client, workers } = parts;
    client.put(aLab('a'), aLab('b'));
    client.topologies.set('a', YAML).set('b', new CmlError('refused', 'no such node'));
    const { status, headers } = await post(`${WORKER}/topologies`, { reason: 'end of term' });
    expect(status).toBe(202);
    const operation = await carriedOut(headers.get('location'));
    expect(operation).toMatchObject({
      ...{
        kind: 'keep-topologies',
        state: 'succeeded',
        message: '1 topology is kept. 1 could not be: see failed.',
      },
      result: { kept: 1, failed: [{ labId: 'b', message: 'no such node' }] },
    });
    expect(JSON.stringify(operation)).not.toContain('s3cret');
    workers.workers = [];
    const list = await get(`${WORKER}/topologies`, { as: 'operator' });
    const [topology] = (list.body as { items: { id: string }[] }).items;
    expect(topology).toMatchObject({
      ...{
        labId: 'a',
        workerName: 'lab-1',
        sizeBytes: 38,
        by: 'api-key:key-of-operator',
        reason: 'end of term',
      },
    });
    const file = await get(`${WORKER}/topologies/${topology?.id ?? ''}`, { as: 'operator' });
    expect([file.status, file.body]).toEqual([200, YAML]);
    expect(file.headers.get('content-disposition')).toBe('attachment; filename=Lab-a.yaml');
    const missing = await get(`${WORKER}/topologies/${WORKER_ID}`, { as: 'operator' });
    expect([missing.status, missing.body]).toMatchObject([404, { code: 'topology-not-found' }]);
  });

  it('that can all not be read fail the operation, which keeps why', async () => {
    parts.client.put(aLab('a'));
    parts.client.topologies.set('a', new CmlError('refused', 'no such node'));
    const { headers } = await post(`${WORKER}/topologies`);
    expect(await carriedOut(headers.get('location'))).toMatchObject({
      state: 'failed',
      error: { code: 'cml-refused', message: 'No topology could be kept. no such node' },
      result: { kept: 0, failed: [{ labId: 'a', message: 'no such node' }] },
    });
  });
});
