import { setTimeout as pause } from 'node:timers/promises';
import { type Connection } from 'mongoose';
import { LEASES } from '../../../src/event-store/mongo/mongo-leases';
import { commitIdOf } from '../../../src/event-store/stream-name';
import { type StoredCommit } from '../stored';

/** A turn of the reaper, as its lease tells. */
export interface SeenTurn {
  readonly fence: number;
  readonly owner: string;
  /** machine milliseconds, by the database's clock, which is this machine's */
  readonly begunAt: number;
}

interface LeaseRow {
  readonly _id: string;
  readonly owner: string;
  readonly fence: number;
  readonly held: boolean;
  readonly claimedAt: Date | null;
}

const EVERY_MS = 10;

/** Follows streams and the reaper's lease in the database, past all processes, a few milliseconds behind. */
export class StoreWatch {
  readonly turns: SeenTurn[] = [];
  /** who has the turn at this moment; null: nobody */
  holder: string | null = null;
  onCommit: (commit: StoredCommit) => void = () => undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  /** id of the commit that comes next, and its stream */
  private readonly awaited = new Map<string, string>();

  constructor(private readonly connection: Connection) {}

  start(streams: readonly string[]): void {
    for (const stream of streams) this.awaited.set(commitIdOf(stream, 1), stream);
    this.looking = this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      await this.lookAtTurns();
      await this.lookAtStreams();
      await pause(EVERY_MS);
    }
  }

  private async lookAtTurns(): Promise<void> {
    const row = await this.connection.collection<LeaseRow>(LEASES).findOne({ _id: 'reap' });
    this.holder = row?.held ? row.owner : null;
    if (!row?.claimedAt || row.fence === this.turns.at(-1)?.fence) return;
    this.turns.push({ fence: row.fence, owner: row.owner, begunAt: row.claimedAt.getTime() });
  }

  private async lookAtStreams(): Promise<void> {
    const commits = this.connection.collection<StoredCommit>('es_commits');
    const found = await commits.find({ _id: { $in: [...this.awaited.keys()] } }).toArray();
    for (const commit of found) {
      this.awaited.delete(commit._id);
      this.awaited.set(commitIdOf(commit.stream, commit.last + 1), commit.stream);
      this.onCommit(commit);
    }
    if (found.length > 0) await this.lookAtStreams();
  }
}
