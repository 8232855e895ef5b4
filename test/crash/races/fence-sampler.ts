import { setTimeout as pause } from 'node:timers/promises';
import { type Connection } from 'mongoose';
import { connectTo } from '../../support/test-database';
import { type Scene, type Watcher } from '../watcher';

const COLLECTIONS = ['leases', 'es_subscriptions', 'region_sweeps'];
const EVERY_MS = 25;

interface Fenced {
  readonly _id: string;
  readonly owner?: string | null;
  readonly fence?: number;
}

/** Looks all the time who holds what: under one fence nothing may ever have two owners, and no fence may run back. */
export class FenceSampler implements Watcher {
  private readonly owners = new Map<string, string>();
  private readonly fences = new Map<string, number>();
  private readonly faults: string[] = [];
  private connection: Connection | null = null;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private samples = 0;

  async start({ mongoUri }: Scene): Promise<void> {
    const connection = await connectTo(mongoUri);
    this.connection = connection;
    this.looking = this.look(connection);
  }

  async afterEachKill(): Promise<void> {}

  verify(): Promise<string[]> {
    return Promise.resolve(this.samples > 0 ? this.faults : ['nobody held anything']);
  }

  figures(): Readonly<Record<string, number>> {
    return {
      'looks at a lease': this.samples,
      'leases that changed hands': this.owners.size - this.fences.size,
    };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
    await this.connection?.close();
  }

  private async look(connection: Connection): Promise<void> {
    while (!this.stopped) {
      for (const name of COLLECTIONS) {
        for (const found of await connection.collection<Fenced>(name).find().toArray())
          this.note(name, found);
      }
      await pause(EVERY_MS);
    }
  }

  private note(collection: string, { _id, owner, fence }: Fenced): void {
    if (!owner || fence === undefined) return;
    const name = `${collection} ${_id}`;
    this.samples += 1;
    const held = this.owners.get(`${name} ${fence}`);
    if (held !== undefined && held !== owner)
      this.faults.push(`${name}: fence ${fence} had ${held} and ${owner}`);
    this.owners.set(`${name} ${fence}`, owner);
    if (fence < (this.fences.get(name) ?? fence)) this.faults.push(`${name}: its fence ran back to ${fence}`);
    this.fences.set(name, fence);
  }
}
