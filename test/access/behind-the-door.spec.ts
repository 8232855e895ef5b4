import { WorkerGate } from '../../src/http';
import { FleetSteps } from '../support/fleet-steps';
import { type MemoryApp, startMemoryApp } from '../support/memory-app';
import { accessOf, ROUTES } from '../support/routes';
import { OTHER, TARGET } from './cells';
import { pathOf, UNKNOWN } from './door';

/** What is sent where nothing would not do. */
const BODIES: Readonly<Record<string, object>> = {
  'PATCH /api/v1/workers/{id}': { name: 'x' },
  'POST /api/v1/workers/{id}/snooze': { minutes: 5, reason: 'r' },
  'POST /api/v1/workers/{id}/protection': { reason: 'r' },
  'POST /api/v1/workers/{id}/certificate': {
    fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
  },
  'PUT /api/v1/workers/{id}/cml-credentials': { username: 'u', password: 'p' },
  'PUT /api/v1/workers/{id}/license': { token: 'abc' },
  'PUT /api/v1/workers/{id}/idle-policy': { values: {} },
};

/** The guard of the door lets everybody pass here: what is behind it must not rely on that. */
describe('behind the door, a worker out of reach', () => {
  let app: MemoryApp;
  let worker: { readonly id: string; readonly version: number };

  beforeAll(async () => {
    app = await startMemoryApp();
    worker = await new FleetSteps(app).available(TARGET);
    const gate = app.app.get(WorkerGate, { strict: false });
    jest.spyOn(gate, 'mustBeWithin').mockResolvedValue(undefined);
    jest.spyOn(gate, 'within').mockImplementation((ids) => Promise.resolve(new Set(ids)));
  });
  afterAll(() => app.close());

  const ofOne = Object.keys(ROUTES).filter((route) => accessOf(route)?.scope === 'worker');
  it.each(ofOne)('is not there: %s', async (route) => {
    const caller = app.asHolderOf({ role: 'admin', scope: { regions: [OTHER.awsRegion] } });
    const [method = ''] = route.split(' ');
    const path = pathOf(route, { worker: worker.id, operation: UNKNOWN });
    const answer = await caller.send(method, path, BODIES[route]);
    expect([answer.status, answer.body.code]).toEqual([404, 'worker-not-found']);
  });

  it('stays as it was', async () => {
    expect((await app.admin.get(`/api/v1/workers/${worker.id}`)).body).toMatchObject({
      version: worker.version,
    });
    expect((await app.admin.get('/api/v1/operations')).body.items).toEqual([]);
  });
});
