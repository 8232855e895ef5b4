import { CqrsModule } from '@nestjs/cqrs';
import { type Role } from '../../kernel/principal';
import { FakeWorkerGate } from '../../http/testing/fake-worker-gate';
import { type HttpApp, keyOf, startHttpApp } from '../../http/testing/http-app';
import { OperationHandlers } from '../application/operation-handlers';
import { OperationStore } from '../domain/ports';
import { OperationsModule } from '../operations.module';
import { anOperation } from '../testing/operation.builder';

describe('cancelling an operation over the API', () => {
  let http: HttpApp;
  const cancel = async (id: string, as: 'viewer' | 'operator' | 'admin') =>
    (await http.call('POST', `/api/v1/operations/${id}/cancel`, { as })).status;
  const ids = { labs: anId(1), discovery: anId(2), unknown: anId(3) };

  beforeAll(async () => {
    const operations = OperationsModule.forRoot({ persistence: 'memory', autostart: false });
    http = await startHttpApp({ imports: [CqrsModule.forRoot(), operations] });
    const handlers = http.app.get(OperationHandlers);
    const run = () => Promise.resolve({ message: 'done', result: null });
    handlers.register({ kind: 'stop-labs', atOnce: 1, role: 'operator', run });
    handlers.register({ kind: 'discovery', atOnce: 1, role: 'admin', run });
    const store = http.app.get(OperationStore);
    await store.add(anOperation({ id: ids.labs, kind: 'stop-labs' }));
    await store.add(anOperation({ id: ids.discovery, kind: 'discovery' }));
    await store.add(anOperation({ id: ids.unknown, kind: 'of-a-newer-version' }));
  });
  afterAll(() => http.close());

  it('is for whoever may ask for its kind; for admins where nobody here knows that', async () => {
    expect(await cancel(ids.labs, 'viewer')).toBe(403);
    expect(await cancel(ids.labs, 'operator')).toBe(202);
    expect(await cancel(ids.discovery, 'operator')).toBe(403);
    expect(await cancel(ids.discovery, 'admin')).toBe(202);
    expect(await cancel(ids.unknown, 'operator')).toBe(403);
    expect(await cancel(ids.unknown, 'admin')).toBe(202);
    expect(await cancel(anId(4), 'operator')).toBe(404);
  });
});

function anId(last: number): string {
  return `6f1c1f0e-2f7b-4c39-9a43-${String(last).padStart(12, '0')}`;
}

describe('the operations of a part of the fleet', () => {
  let http: HttpApp;
  const [mine, others] = [anId(11), anId(12)];
  const ids = { mine: anId(1), others: anId(2), nobodys: anId(3), admins: anId(4) };
  const token = (role: Role) => ({ Authorization: `Bearer ${keyOf(role)}@${mine}` });
  const call = (method: string, path: string, role: Role = 'operator') =>
    http.call(method, `/api/v1/operations${path}`, { headers: token(role) });

  beforeAll(async () => {
    const workers = [mine, others].map((id) => ({ id, awsRegion: 'eu-west-1', tags: {} }));
    const operations = OperationsModule.forRoot({ persistence: 'memory', autostart: false });
    const workerGate = new FakeWorkerGate(...workers);
    http = await startHttpApp({ imports: [CqrsModule.forRoot(), operations], workerGate });
    const run = () => Promise.resolve({ message: 'done', result: null });
    http.app.get(OperationHandlers).register({ kind: 'stop-labs', atOnce: 1, role: 'operator', run });
    const store = http.app.get(OperationStore);
    await store.add(anOperation({ id: ids.mine, kind: 'stop-labs', workerId: mine }));
    await store.add(anOperation({ id: ids.others, kind: 'stop-labs', workerId: others }));
    await store.add(anOperation({ id: ids.nobodys, kind: 'discovery', workerId: null }));
    await store.add(anOperation({ id: ids.admins, kind: 'of-admins', workerId: mine }));
  });
  afterAll(() => http.close());

  it('are listed, and no others, also when others are asked for', async () => {
    const listed = async (query = '') => {
      const { body } = await call('GET', query);
      return (body as { items: { id: string }[] }).items.map(({ id }) => id).sort();
    };
    expect(await listed()).toEqual([ids.mine, ids.admins]);
    expect(await listed(`?workerId=${others}`)).toEqual([]);
    expect(await listed(`?workerId=${others},${mine}&kind=stop-labs`)).toEqual([ids.mine]);
    expect(await listed('?limit=1')).toHaveLength(1);
  });

  it('are the only ones that are there', async () => {
    expect(await call('GET', `/${ids.mine}`)).toMatchObject({ status: 200, body: { id: ids.mine } });
    for (const [method, end] of [
      ['GET', ''],
      ['POST', '/cancel'],
    ] as const) {
      for (const id of [ids.others, ids.nobodys, anId(9)]) {
        const { status, body } = await call(method, `/${id}${end}`);
        const detail = (body as { detail: string }).detail.replace(id, '<id>');
        expect([status, detail]).toEqual([404, expect.stringMatching(/^There is no operation <id>, /)]);
      }
    }
    expect((await http.call('GET', `/api/v1/operations/${ids.others}`, { as: 'viewer' })).body).toMatchObject(
      {
        cancelledBy: null,
      },
    );
  });

  it('are called off by whoever may ask for them there', async () => {
    expect((await call('POST', `/${ids.mine}/cancel`)).status).toBe(202);
    expect(await call('POST', `/${ids.admins}/cancel`)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect((await call('POST', `/${ids.admins}/cancel`, 'admin')).status).toBe(202);
  });
});
