import { CmlLinks } from '../src/adapters/cml/cml-links';
import { type ApiClient } from './support/api-client';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** What becomes of a worker whose CML server changes its TLS certificate, over HTTP and real TLS. */
describe('a CML server with another certificate', () => {
  let app: MemoryApp;
  let api: ApiClient;
  let fleet: FleetSteps;

  beforeAll(async () => {
    app = await startMemoryApp();
    api = app.admin;
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  /** As by a restart of its web server, which ends the connections. Answers the new one's fingerprint. */
  async function replace(instanceId: string): Promise<string> {
    const { certificate } = app.simulator.world.host(instanceId);
    certificate.replace();
    await app.app.get(CmlLinks, { strict: false }).close();
    return (await certificate.current()).fingerprint;
  }

  const connection = (id: string) => api.get(`/api/v1/workers/${id}/connection`);

  it('waits for a person once it was in service, and is reached under the accepted one', async () => {
    const worker = await fleet.available();
    const fingerprint = await replace(worker.awsInstanceId);
    await fleet.minutes(1);
    expect((await connection(worker.id)).body).toMatchObject({ retryAfterSeconds: null });
    await fleet.minutes(1);
    expect(await fleet.show(worker.id)).toMatchObject({
      serviceStatus: 'ERROR',
      serviceReason: { code: 'certificate', message: expect.stringContaining('An admin must check') },
      certificate: { pinned: worker.certificate.pinned, presented: fingerprint },
      canConnect: false,
    });
    const accepted = await api.post(`/api/v1/workers/${worker.id}/certificate`, { fingerprint });
    expect([accepted.status, accepted.body.serviceReason]).toEqual([200, null]);
    await fleet.minutes(2);
    const certificate = { pinned: fingerprint, presented: null, changedAt: null };
    expect(await fleet.show(worker.id)).toMatchObject({ serviceStatus: 'AVAILABLE', certificate });
    expect((await connection(worker.id)).status).toBe(200);
  });

  it('comes up by itself where it was changed in the first boot', async () => {
    const { body } = await fleet.create();
    await fleet.reconcile();
    let worker = body;
    for (let minute = 0; worker.certificate.pinned === null && minute < 10; minute += 1) {
      await fleet.minutes(1);
      worker = await fleet.show(body.id);
    }
    expect(worker.serviceStatus).not.toBe('AVAILABLE');
    const fingerprint = await replace(worker.awsInstanceId);
    await fleet.minutes(6);
    expect(await fleet.show(body.id)).toMatchObject({
      serviceStatus: 'AVAILABLE',
      certificate: { pinned: fingerprint, presented: null },
      version: worker.version,
    });
    const { items } = (await api.get(`/api/v1/workers/${body.id}/events?limit=100`)).body;
    const accepted = items.flatMap(({ type, data }: { type: string; data: { acceptedBy?: string } }) =>
      type.includes('certificate-updated') ? [data.acceptedBy] : [],
    );
    expect(accepted.sort()).toEqual([null, 'system:first-boot'].sort());
  });
});
