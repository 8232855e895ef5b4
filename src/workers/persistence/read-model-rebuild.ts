import { isDeepStrictEqual } from 'node:util';
import { type ReplayedState, type Reservations, streamOf } from '../../event-store';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type WorkerState } from '../domain/worker-state';
import { WORKER_DEFINITION } from './worker-definition';
import { describeKey, keysOf } from './worker-keys';
import { type FoundDocument, type MongoWorkerDocuments } from './worker.mongo-documents';
import { toDocument } from './worker.schema';

const SIDE_BY_SIDE = 8;
const BATCH = 200;
/** Each further try follows a write of somebody else to the same worker in the same moment. */
const TRIES = 20;

export type RebuildOutcome = 'unchanged' | 'missing' | 'changed' | 'removed';

export interface RebuildParts {
  readonly documents: MongoWorkerDocuments;
  /** names and instances that are in use must be taken, also after a restore without them */
  readonly reservations: Pick<Reservations, 'holder' | 'take'>;
  /** The state that the events of a worker lead to, without snapshots; null where no stream is. */
  readonly replay: (id: string) => Promise<ReplayedState<WorkerState> | null>;
  /** only compare */
  readonly dryRun: boolean;
  /** called for each worker that is not as it should be, and before a document is written */
  readonly onDifference: (id: string, what: string) => void;
  readonly progress: (what: string, done: number, of: number) => void;
}

export interface RebuildResult {
  readonly unchanged: number;
  /** documents that were not there, and were written */
  readonly missing: number;
  readonly changed: number;
  readonly removed: number;
  /** workers whose events cannot be replayed: their documents were left alone */
  readonly failed: number;
  /** names and instances in use that nobody had taken */
  readonly untaken: number;
  /** names and instances in use that another worker has taken */
  readonly contested: number;
}

/** Makes the read model of workers, and what they have taken, what the streams say, while others go on writing. */
export class ReadModelRebuild {
  private readonly counts = {
    unchanged: 0,
    missing: 0,
    changed: 0,
    removed: 0,
    failed: 0,
    untaken: 0,
    contested: 0,
  };

  constructor(private readonly parts: RebuildParts) {}

  /** @throws StoreUnavailable; what was done until then stands, and a repetition does the rest */
  async run(ids: readonly string[]): Promise<RebuildResult> {
    await this.each(ids, 'workers');
    const known = new Set(ids);
    for (let after = ''; ;) {
      const batch = await this.parts.documents.idsAfter(after, BATCH);
      await this.each(
        batch.filter((id) => !known.has(id)),
        'documents without a worker',
      );
      const last = batch.at(-1);
      if (last === undefined) return this.counts;
      after = last;
    }
  }

  private async each(ids: readonly string[], what: string): Promise<void> {
    for (let done = 0; done < ids.length; done += SIDE_BY_SIDE) {
      await Promise.all(ids.slice(done, done + SIDE_BY_SIDE).map((id) => this.one(id)));
      this.parts.progress(what, Math.min(done + SIDE_BY_SIDE, ids.length), ids.length);
    }
  }

  private async one(id: string): Promise<void> {
    try {
      this.counts[await this.repaired(id)] += 1;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.counts.failed += 1;
      this.parts.onDifference(id, `left alone: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A key that its worker gives up at this very moment is taken for an old version, and swept. */
  private async take(id: string, { state, version }: ReplayedState<WorkerState>): Promise<void> {
    const { reservations, dryRun, onDifference } = this.parts;
    const stream = streamOf(WORKER_DEFINITION.streamPrefix, id);
    for (const key of keysOf(state)) {
      const holder = await reservations.holder(key);
      if (holder === stream) continue;
      const taken = holder === null && (dryRun || (await reservations.take(key, stream, version)));
      this.counts[taken ? 'untaken' : 'contested'] += 1;
      onDifference(
        id,
        `${describeKey(key)} ${taken ? 'was not taken' : `is taken by ${holder ?? 'another'}`}`,
      );
    }
  }

  /**
   * Looks at the document first and replays then: a document is written after its commit, so one that is newer than the
   * stream is wrong. A document is replaced only as it was found. Where it was too new, or of no worker, those who came
   * with a smaller version meanwhile were turned away by it: the stream is looked at once more.
   */
  private async repaired(id: string): Promise<RebuildOutcome> {
    const { documents, replay, dryRun, onDifference } = this.parts;
    let outcome: RebuildOutcome = 'unchanged';
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await documents.find(id);
      const replayed = await replay(id);
      if (replayed && tries === 0) await this.take(id, replayed);
      const wanted = replayed && toDocument(replayed.state, replayed.version);
      if (isDeepStrictEqual(found, wanted && withoutUndefined(wanted))) return outcome;
      const [next, what] = differenceOf(found, wanted);
      if (outcome === 'unchanged') onDifference(id, what);
      outcome = next;
      if (dryRun) return outcome;
      const replaced = await documents.replace(id, found, wanted);
      const wasTooNew = found !== null && !(Number(found.v) <= (replayed?.version ?? 0));
      if (replaced && !wasTooNew) return outcome;
    }
    throw new Error(`others wrote it ${TRIES} times meanwhile`);
  }
}

function differenceOf(found: FoundDocument | null, wanted: object | null): [RebuildOutcome, string] {
  if (!found) return ['missing', 'it has no document'];
  if (!wanted) return ['removed', 'its document stands for no worker'];
  const expected = withoutUndefined(wanted);
  const members = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  const differing = members.filter((member) => !isDeepStrictEqual(expected[member], found[member]));
  return ['changed', `its document differs in ${differing.join(', ')}`];
}

/** As the database gives it back: members that are undefined are not stored. */
function withoutUndefined(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
