import { type CmlFaultRuleInput } from '../../src/simulator/cml/faults/cml-fault-rule';
import { type ApiAnswer } from '../support/api-client';
import { eventually } from '../support/eventually';
import { type CanaryFleet, REGION } from './canary-fleet';

export const WITHIN_MS = 120_000;

export interface TestWorker {
  readonly id: string;
  readonly awsInstanceId: string;
}

/** Reads of everything that lists or shows something of the fleet. */
const LISTS = [
  ...['workers', 'workers/available', 'workers/idle?thresholdMinutes=5', 'operations?limit=200', 'webhooks'],
  ...['license-pools', 'api-keys', 'orphans', 'regions', 'reaper/runs', 'subscriptions', 'worker-templates'],
].map((path) => `/api/v1/${path}`);

/** What a test does with the fleet over its API, waiting for what comes of it. */
export class CanarySteps {
  constructor(private readonly fleet: CanaryFleet) {}

  until(path: string, expected: object): Promise<ApiAnswer['body']> {
    return eventually(async () => {
      const { body } = await this.fleet.api.get(path);
      expect(body).toMatchObject(expected);
      return body;
    }, WITHIN_MS);
  }

  /** A worker of this name whose CML is ready, and registered by the default pool. */
  async licensedWorker(name: string): Promise<TestWorker> {
    const order = { name, awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
    const { body } = await this.fleet.api.post('/api/v1/workers', order);
    return this.untilLicensed(body.id);
  }

  /** The operation that registers it ends a moment after the worker says so, and others are refused until then. */
  private async untilLicensed(id: string): Promise<TestWorker> {
    await this.until(`/api/v1/workers/${id}/license`, { licenseStatus: 'REGISTERED', operationId: null });
    return this.until(`/api/v1/workers/${id}`, { canConnect: true });
  }

  async importedWorker(name: string): Promise<TestWorker> {
    const [awsInstanceId] = this.fleet.simulator.world.populate(1, { tags: () => ({ Name: name }) });
    const { body } = await this.fleet.api.post('/api/v1/workers/import', {
      awsRegion: REGION,
      awsInstanceId,
    });
    return this.untilLicensed(body.id);
  }

  /** Asks for something that takes longer, and answers its operation once that has ended. */
  async ended(method: string, path: string, body?: unknown): Promise<ApiAnswer['body']> {
    const asked = await this.fleet.api.send(method, path, body);
    expect([path, asked.status]).toEqual([path, 202]);
    return this.until(asked.headers.get('location') ?? '', { finishedAt: expect.any(String) });
  }

  /** A fault of the worker's CML server, which strikes the next request of this kind. */
  strike({ awsInstanceId }: TestWorker, rule: CmlFaultRuleInput) {
    return this.fleet.simulator.world.cmlFaults.add({ instanceIds: [awsInstanceId], next: 1, ...rule });
  }

  /** A lab runs, is looked at, kept and stopped. */
  async useLab({ id, awsInstanceId }: TestWorker, notes: string): Promise<void> {
    const { api, simulator } = this.fleet;
    const server = simulator.world.server(awsInstanceId);
    const lab = server.labOf(server.userNamed('ada'), 'BGP', simulator.world.options.clock.now());
    lab.notes = notes;
    const path = `/api/v1/workers/${id}`;
    const act = (name: string) => api.post(`${path}/labs/${lab.id}/${name}`, { reason: 'a course' });
    expect((await act('start')).status).toBe(202);
    for (const read of ['?live=true', '/topology', '/history'])
      await api.get(`${path}/labs/${lab.id}${read}`);
    expect(await this.ended('POST', `${path}/topologies`)).toMatchObject({ result: { kept: 1 } });
    const [kept] = (await api.get(`${path}/topologies`)).body.items;
    expect((await api.get(`${path}/topologies/${kept.id}`)).body).toContain(notes);
    expect((await act('stop')).status).toBe(202);
    expect(await this.ended('POST', `${path}/labs/stop-all`)).toMatchObject({ state: 'succeeded' });
    expect((await api.post(`${path}/refresh`)).status).toBe(202);
  }

  /** Looks at everything there is to see. */
  async lookAround(): Promise<void> {
    const { api } = this.fleet;
    for (const path of [...LISTS, '/metrics', '/docs/openapi.json', '/health/ready']) await api.get(path);
    for (const { id } of (await api.get('/api/v1/workers?includeTerminated=true')).body.items) {
      const reads = ['', '/connection', '/events?limit=200', '/observations', '/idle-decision', '/license'];
      reads.push('/labs', '/topologies', `?at=${encodeURIComponent(new Date().toISOString())}`);
      for (const read of reads) await api.get(`/api/v1/workers/${id}${read}`);
    }
    for (const { id } of (await api.get('/api/v1/operations?limit=200')).body.items) {
      await api.get(`/api/v1/operations/${id}`);
    }
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await api.get(`/api/v1/events?limit=200${cursor && `&cursor=${cursor}`}`);
      cursor = body.nextCursor;
    }
  }
}
