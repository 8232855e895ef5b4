import { keyOf } from '../../http/testing/http-app';
import { type Role } from '../../kernel/principal';
import { WORKER_ID } from '../../workers/testing/worker.builder';
import { aLab } from '../testing/fake-labs';
import { labsApp } from '../testing/labs-app';

const WORKER = `/api/v1/workers/${WORKER_ID}`;
const LABS = `${WORKER}/labs`;
const seen = (id: string) => ({ id, title: `Lab ${id}`, owner: 'alice', state: 'STOPPED', nodeCount: 1 });

/** The caller has the lab `a` of the worker; `b` is there as well, and `c` is not. */
describe('the labs of a worker, for whoever has one of them', () => {
  let parts: Awaited<ReturnType<typeof labsApp>>;
  beforeEach(async () => {
    parts = await labsApp();
    parts.client.put(aLab('a'), aLab('b'));
    parts.client.topologies.set('a', 'lab: a').set('b', 'lab: b');
    await parts.observe([seen('a'), seen('b')]);
  });
  afterEach(() => parts.http.close());

  const call = (method: string, path: string, role: Role = 'operator') => {
    const headers = { Authorization: `Bearer ${keyOf(role)}@${WORKER_ID}/a` };
    return parts.http.call(method, path, { headers, ...(method === 'POST' && { body: {} }) });
  };
  const told = async (method: string, path: string, lab: string) => {
    const { status, body } = await call(method, path);
    const { correlationId: _own, instance: _path, ...rest } = body as Record<string, unknown>;
    return { status, body: JSON.stringify(rest).replaceAll(` ${lab}:`, ' <lab>:') };
  };

  it.each(['', '?live=true'])('are listed as that one only (%s)', async (query) => {
    for (const role of ['user', 'operator'] as const) {
      const { body } = await call('GET', `${LABS}${query}`, role);
      expect((body as { items: object[] }).items).toMatchObject([{ id: 'a' }]);
    }
  });

  it.each([
    ['GET', ''],
    ['GET', '?live=true'],
    ['GET', '/history'],
    ['GET', '/topology'],
    ['POST', '/start'],
    ['POST', '/stop'],
  ])('%s …/{labId}%s finds that one, and of others says that they are not there', async (method, end) => {
    expect((await call(method, `${LABS}/a${end}`)).status).toBe(method === 'POST' ? 202 : 200);
    const acts = [...parts.client.acts];
    const [there, nowhere] = [
      await told(method, `${LABS}/b${end}`, 'b'),
      await told(method, `${LABS}/c${end}`, 'c'),
    ];
    expect(there).toEqual({ status: 404, body: expect.stringContaining('"lab-not-found"') as string });
    expect(there).toEqual(nowhere);
    expect(parts.client.acts).toEqual(acts);
  });

  it.each([
    ['POST', `${LABS}/stop-all`],
    ['POST', `${WORKER}/topologies`],
    ['GET', `${WORKER}/topologies`],
    ['GET', `${WORKER}/topologies/00000000-0000-4000-8000-000000000001`],
  ])('%s %s is about all of them, and refused', async (method, path) => {
    expect(await call(method, path)).toMatchObject({ status: 403, body: { code: 'scope-too-small' } });
  });
});
