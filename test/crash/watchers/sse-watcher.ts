import { eventually } from '../../support/eventually';
import { connectTo } from '../../support/test-database';
import { loggedEvents } from '../logged-events';
import { type Random } from '../random';
import { readStored, type Stored } from '../stored';
import { type Scene, type Watcher } from '../watcher';
import { SseFollower } from './sse-follower';

/** A stream waits up to half a minute after its database was away. */
const SETTLE_MS = 60_000;

/** Which clients follow, and which events each of them wants. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  'SSE client 1': [],
  'SSE client 2': [],
  'SSE client 3, filtered': ['worker.created', 'worker.desired-state-updated'],
};

/** Follows the event stream from the log's beginning: each client must see each event that it wants once, in order. */
export class SseWatcher implements Watcher {
  private followers: readonly SseFollower[] = [];
  private scene: Scene | null = null;

  start(scene: Scene): Promise<void> {
    const { replicas, random } = scene;
    this.scene = scene;
    this.followers = Object.entries(CLIENTS).map(
      ([name, types]) => new SseFollower(name, types, replicas, random.fork()),
    );
    for (const follower of this.followers) follower.start();
    return Promise.resolve();
  }

  afterEachKill(): Promise<void> {
    this.random.pick(this.followers).cut();
    return Promise.resolve();
  }

  async verify(): Promise<string[]> {
    const connection = await connectTo(this.scene?.mongoUri ?? '');
    let faults: string[] = [];
    try {
      await eventually(async () => {
        faults = this.judge(await readStored(connection));
        if (faults.length > 0) throw new Error('not yet');
      }, SETTLE_MS).catch((error: unknown) => {
        if (faults.length === 0) throw error;
      });
    } finally {
      await connection.close();
    }
    return faults;
  }

  figures(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.followers.flatMap(({ name, seen, connections }) => [
        [`${name}: events seen`, seen.length],
        [`${name}: reconnects`, connections - 1],
      ]),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.stop()));
  }

  private judge(stored: Stored): string[] {
    return this.followers.flatMap((follower) => [...follower.faults, ...difference(follower, stored)]);
  }

  private get random(): Random {
    if (!this.scene) throw new Error('nobody follows yet');
    return this.scene.random;
  }
}

/** The first place at which a client saw something else than what stands in the log. */
function difference({ name, types, seen }: SseFollower, stored: Stored): string[] {
  const expected = loggedEvents(stored, types);
  const length = Math.max(expected.length, seen.length);
  for (let index = 0; index < length; index += 1) {
    const [wanted, got] = [expected[index], seen[index]];
    if (wanted?.place === got?.place && wanted?.id === got?.id) continue;
    const what = `${got?.place} (${got?.id}) instead of ${wanted?.place} (${wanted?.id})`;
    return [`${name}: its event ${index + 1} of ${seen.length} is ${what}`];
  }
  return [];
}
