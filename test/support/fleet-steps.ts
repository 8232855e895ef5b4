import { ReaperSchedules } from '../../src/reaper';
import { TelemetrySchedules } from '../../src/telemetry';
import { WorkersSchedules } from '../../src/workers';
import { type MemoryApp } from './memory-app';

export const REGION = 'eu-west-1';

/** What a test does with the fleet of an application: over the API, and by running its ticks. */
export class FleetSteps {
  private names = 0;

  constructor(private readonly app: MemoryApp) {}

  orderOf(name: string) {
    return { name, awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
  }

  create(given: object = {}) {
    this.names += 1;
    return this.app.admin.post('/api/v1/workers', { ...this.orderOf(`worker-${this.names}`), ...given });
  }

  async show(id: string) {
    return (await this.app.admin.get(`/api/v1/workers/${id}`)).body;
  }

  reconcile(): Promise<void> {
    return this.app.app.get(WorkersSchedules, { strict: false }).reconcile.run();
  }

  reap(): Promise<void> {
    return this.app.app.get(ReaperSchedules, { strict: false }).reap.run();
  }

  /** Fleet minutes pass; in each EC2 is swept, and what is due of CML is read. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      this.app.clock.advance(60_000);
      await this.app.app.get(TelemetrySchedules, { strict: false }).observeNow();
    }
  }

  /** A worker whose CML is ready. */
  async available(given: object = {}) {
    const { body } = await this.create(given);
    await this.reconcile();
    await this.minutes(6);
    const worker = await this.show(body.id);
    expect(worker).toMatchObject({ status: 'RUNNING', serviceStatus: 'AVAILABLE', canConnect: true });
    return worker;
  }
}
