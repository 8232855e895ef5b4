import { isDeepStrictEqual } from 'node:util';
import { StoreUnavailable } from '../../kernel/domain-error';
import { MINUTE, plus } from '../../kernel/clocks';
import { type SnapshotDocument } from '../mongo/mongo-snapshot-store';
import { plainData } from '../plain-data';
import { aggregateIdOf, kindOf, streamOf } from '../stream-name';
import { type ReplayedKind, type StreamReplay } from '../stream-replay';
import { type AuditParts } from './commits-audit';

const BATCH = 100;
/** A command has long stored its stream, and a sweep freed what was left, when a reservation is this old. */
const RESERVATION_SETTLED = 30 * MINUTE;

/** A collection with one document for each aggregate of a kind. */
export interface TraceCollection {
  readonly collection: string;
  readonly kind: string;
}

export interface TracesAuditParts extends Pick<AuditParts, 'source' | 'findings' | 'progress'> {
  readonly replay: StreamReplay;
  readonly kinds: readonly ReplayedKind[];
  /** read models whose `v` is the version of the stream that they were made of */
  readonly readModels: readonly TraceCollection[];
  /** collections that note the use of an API key */
  readonly keyUses: readonly TraceCollection[];
  /** machine time */
  readonly now: Date;
}

/**
 * What else tells of commits: it was made after them, so where it knows more than the commits do, some were removed. And
 * snapshots, from which a load goes on.
 */
export class TracesAudit {
  snapshots = 0;

  constructor(private readonly parts: TracesAuditParts) {}

  async run(): Promise<void> {
    await this.subscriptions();
    await this.readSnapshots();
    for (const readModel of this.parts.readModels) await this.readModel(readModel);
    for (const uses of this.parts.keyUses) await this.uses(uses);
    await this.reservations();
  }

  private async subscriptions(): Promise<void> {
    const { source, findings } = this.parts;
    const subscriptions = await source.subscriptions();
    const end = await source.logEnd();
    for (const { name, position } of subscriptions) {
      if (position > end)
        findings.add('subscription-ahead', name, `it is at ${position}, the log ends at ${end}`);
    }
  }

  private async readSnapshots(): Promise<void> {
    const { source, progress } = this.parts;
    const of = await source.countSnapshots();
    for (let after: string | null = null; ;) {
      const batch = await source.snapshotsAfter(after, BATCH);
      for (const snapshot of batch) await this.snapshot(snapshot);
      this.snapshots += batch.length;
      progress('snapshots', this.snapshots, of);
      const last = batch.at(-1);
      if (!last || batch.length < BATCH) return;
      after = last._id;
    }
  }

  private async snapshot({ _id: stream, version, hash, at, schema, state }: SnapshotDocument): Promise<void> {
    const { source, findings, kinds } = this.parts;
    const commit = Number.isInteger(version) ? await source.commitUpTo(stream, version) : null;
    if ((commit?.last ?? 0) < version) {
      const has = commit ? `ends at version ${commit.last}` : 'is not there';
      findings.add('snapshot-ahead', stream, `it is of version ${version}, the stream ${has}`);
      return;
    }
    if (!isDeepStrictEqual([commit?.last, commit?.hash, commit?.at], [version, hash, at])) {
      const where = `at version ${String(version)}`;
      findings.add('snapshot-differs', stream, `it was not taken of what the stream has ${where}`);
      return;
    }
    const kind = kinds.find((candidate) => candidate.kind === kindOf(stream));
    if (kind?.snapshotSchema !== schema) return; // no load takes it
    const wrong = await this.wrongState(kind, stream, version, state);
    if (wrong) findings.add('snapshot-state', stream, wrong);
  }

  private async wrongState(
    kind: ReplayedKind,
    stream: string,
    version: number,
    state: SnapshotDocument['state'],
  ): Promise<string | null> {
    try {
      const replayed = await this.parts.replay.of(kind, aggregateIdOf(stream), version);
      const expected = plainData(replayed?.state ?? {}) as Record<string, unknown>;
      const members = [...new Set([...Object.keys(expected), ...Object.keys(state)])];
      const wrong = members.filter((member) => !isDeepStrictEqual(expected[member], state[member]));
      return wrong.length > 0 ? `its ${wrong.slice(0, 5).join(', ')} at version ${version} differ` : null;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      return `it cannot be compared: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private async readModel({ collection, kind }: TraceCollection): Promise<void> {
    const { findings } = this.parts;
    await this.eachWithHead(collection, kind, ({ _id, v }, head) => {
      if (typeof v !== 'number' || v <= head) return;
      const has = head === 0 ? 'is not there' : `ends at version ${head}`;
      findings.add(
        'read-model-ahead',
        `${collection}/${String(_id)}`,
        `it is of version ${v}, the stream ${has}`,
      );
    });
  }

  private async uses({ collection, kind }: TraceCollection): Promise<void> {
    await this.eachWithHead(collection, kind, ({ _id }, head) => {
      if (head === 0) this.parts.findings.add('key-use-orphan', _id, 'its stream is not there');
    });
  }

  /** Documents first, then the ends of their streams: a document is made after its commit. */
  private async eachWithHead(
    collection: string,
    kind: string,
    look: (document: { _id: unknown; v?: unknown }, head: number) => void,
  ): Promise<void> {
    const { source } = this.parts;
    for (let after: string | null = null; ;) {
      const batch = await source.versionsAfter(collection, after, BATCH);
      const heads = await Promise.all(batch.map(({ _id }) => source.headOf(streamOf(kind, _id))));
      batch.forEach((document, index) => look(document, heads[index] ?? 0));
      const last = batch.at(-1);
      if (!last || batch.length < BATCH) return;
      after = last._id;
    }
  }

  private async reservations(): Promise<void> {
    const { source, findings, now } = this.parts;
    for (let after: string | null = null; ;) {
      const batch = await source.reservationsAfter(after, BATCH);
      const settled = batch.filter(({ takenAt }) => takenAt < plus(now, -RESERVATION_SETTLED));
      const heads = await Promise.all(settled.map(({ stream }) => source.headOf(stream)));
      settled.forEach(({ _id, stream, takenAt }, index) => {
        if (heads[index] !== 0) return;
        findings.add('reservation-orphan', _id, `of ${stream}, taken at ${takenAt.toISOString()}`);
      });
      const last = batch.at(-1);
      if (!last || batch.length < BATCH) return;
      after = last._id;
    }
  }
}
