import { type World } from '../simulator/world';
import { CAST } from './cast';
import { type DemoEvent, type DemoWorker, type FleetClient } from './fleet-client';
import { type Outcome, outcomeOf } from './story';
import { type Timeline } from './timeline';

/** The demo's workers, followed over the API. */
export class DemoFleet {
  /** by worker, with the time of its latest change when they were read */
  private readonly histories = new Map<string, { readonly events: DemoEvent[]; readonly asOf: string }>();

  constructor(
    private readonly client: FleetClient,
    private readonly timeline: Timeline,
    private readonly world: World,
  ) {}

  /** Orders the workers, as an admin would. */
  async order(): Promise<void> {
    for (const { name, awsRegion, persona } of CAST) {
      this.world.cast(name, persona);
      await this.client.create({ name, awsRegion, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' });
    }
  }

  /** Prints what is new, and tells how each story stands. */
  async look(): Promise<Outcome[]> {
    const workers = await this.client.workers();
    await Promise.all(workers.map((worker) => this.follow(worker)));
    return CAST.map((role) => {
      const worker = workers.find(({ name }) => name === role.name);
      const events = this.histories.get(worker?.id ?? '')?.events ?? [];
      return outcomeOf(role, worker, events, this.timeline, this.world);
    });
  }

  private async follow({ id, name, updatedAt }: DemoWorker): Promise<void> {
    const { events: known, asOf } = this.histories.get(id) ?? { events: [], asOf: '' };
    if (asOf === updatedAt) return;
    const events = await this.client.events(id);
    this.histories.set(id, { events, asOf: updatedAt });
    for (const event of events.slice(known.length)) this.timeline.event(name, event);
  }
}
