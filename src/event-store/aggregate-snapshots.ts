import { plainData } from './plain-data';
import { type Commit, type CommitSeal, type Snapshot, type SnapshotStore } from './ports';
import { type ReportError } from './report-error';

/** Versions; less than so many are read after a snapshot, unless one could not be saved. */
export const SNAPSHOT_EVERY = 20;

export interface SnapshotServices {
  readonly snapshots: SnapshotStore;
  readonly seal: Pick<CommitSeal, 'sealSnapshot' | 'verifySnapshot'>;
  readonly report: ReportError;
}

/** The snapshots of one kind of aggregate. They are sealed: a state that was changed in the database is not believed. */
export class AggregateSnapshots {
  /** @param schema number of the state's present shape */
  constructor(
    private readonly services: SnapshotServices,
    private readonly schema: number,
  ) {}

  /** Whether the commit reaches a version at which one is taken. */
  isDue({ first, last }: Commit): boolean {
    return Math.floor(last / SNAPSHOT_EVERY) > Math.floor((first - 1) / SNAPSHOT_EVERY);
  }

  async take({ stream, last: version, at, hash }: Commit, state: object): Promise<void> {
    const { snapshots, seal } = this.services;
    const stored = state as Snapshot['state'];
    const snapshot = plainData({ stream, version, schema: this.schema, state: stored, at, hash });
    await snapshots.save({ ...snapshot, seal: seal.sealSnapshot(snapshot) });
  }

  /** Null without one of the present shape, and for one that is not what was saved, which is reported. */
  async find(stream: string): Promise<Snapshot | null> {
    const { snapshots, seal, report } = this.services;
    const snapshot = await snapshots.find(stream);
    if (snapshot?.schema !== this.schema) return null;
    if (seal.verifySnapshot(snapshot)) return snapshot;
    const error = new Error('it was changed, or sealed with a key that the ring does not hold');
    report(error, `use the snapshot of ${stream}, which is read from its first event instead`);
    return null;
  }
}
