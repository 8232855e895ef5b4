import { CqrsModule } from '@nestjs/cqrs';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
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
  return `6f1c1f0e-2f7b-4c39-9a43-00000000000${last}`;
}
