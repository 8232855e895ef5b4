import { type CommitDocument, toCommit } from '../mongo/commit-document';
import { type MongoAuditSource } from '../mongo/mongo-audit-source';
import { type Commit, type CommitSeal } from '../ports';
import { commitIdOf } from '../stream-name';
import { type Findings } from './findings';
import { type UsedKeys } from './used-keys';

const BATCH = 500;

/** The commit before, of the same stream. Null is what cannot be relied on. */
interface Before {
  readonly id: string | null;
  readonly stream: string;
  readonly version: number | null;
  readonly hash: string | null;
  readonly place: number | null;
  readonly listed: boolean;
}

export interface AuditParts {
  readonly source: MongoAuditSource;
  readonly seal: CommitSeal;
  readonly keys: UsedKeys;
  readonly findings: Findings;
  /** called with each batch: what is read, how many so far, of about how many */
  readonly progress: (what: string, done: number, of: number) => void;
}

/** Reads all commits once, in the order of their ids, which is stream by stream and version by version. */
export class CommitsAudit {
  commits = 0;
  streams = 0;
  /** not in the log yet */
  unplaced = 0;
  private before: Before | null = null;

  constructor(private readonly parts: AuditParts) {}

  async run(): Promise<void> {
    const { source, findings, progress } = this.parts;
    for (const id of await source.strangeCommits()) {
      findings.add('commit-malformed', id, 'its id is no text');
    }
    const of = await source.countCommits();
    for (let after: string | null = null; ;) {
      const batch = await source.commitsAfter(after, BATCH);
      const last = batch.at(-1);
      if (!last) return;
      // after the commits: one that is marked as placed was placed before it was read
      const places = await source.placesOf(batch.map(({ _id }) => _id));
      for (const document of batch) await this.look(document, places.get(document._id) ?? null);
      progress('commits', this.commits, of);
      after = last._id;
    }
  }

  private async look(document: CommitDocument, place: number | null): Promise<void> {
    this.commits += 1;
    const { _id: id, sequenced } = document;
    const stream = id.slice(0, Math.max(0, id.lastIndexOf(':')));
    let before = this.before;
    if (before?.stream !== stream) {
      this.streams += 1;
      before = { id: null, stream, version: 0, hash: null, place: null, listed: true };
    }
    if (place === null && sequenced) {
      this.parts.findings.add(
        'commit-unlisted',
        id,
        'it is marked as placed, and stands in no line of the log',
      );
    }
    if (place === null && !sequenced) this.unplaced += 1;
    await this.checkOrder(before, id, place);
    const commit = toCommit(document);
    const sound = isWellFormed(commit) && this.checkContent(before, commit);
    this.before = {
      ...{ id, stream, place, listed: place !== null || sequenced },
      version: isWellFormed(commit) ? commit.last : null,
      hash: sound ? commit.hash : null,
    };
    if (!isWellFormed(commit)) this.parts.findings.add('commit-malformed', id, 'it lacks parts of a commit');
  }

  /** Whether the next commit can be held against this one. */
  private checkContent(before: Before, commit: Commit): boolean {
    const { seal, keys, findings } = this.parts;
    const { id, first, hash, previousHash } = commit;
    const next = before.version === null ? null : before.version + 1;
    if (next !== null && first > next) {
      findings.add('commit-gap', id, `versions ${next} to ${first - 1} of its stream are gone`);
    } else if (next !== null && first < next) {
      findings.add('commit-chain', id, `it repeats versions up to ${next - 1}, which are stored already`);
    } else if (next === 1 ? previousHash !== null : before.hash !== null && previousHash !== before.hash) {
      findings.add('commit-chain', id, `it does not continue ${before.id ?? 'the beginning of its stream'}`);
    }
    if (!keys.knows(hash)) {
      findings.add(
        'commit-key-missing',
        id,
        `sealed as ${hash.slice(0, 40)}, with a key that is not in the ring`,
      );
      return true;
    }
    if (seal.verify(commit)) return true;
    findings.add('commit-changed', id, `its seal does not fit; it says ${summaryOf(commit)}`);
    return false;
  }

  private async checkOrder(before: Before, id: string, place: number | null): Promise<void> {
    if (place === null || before.id === null) return;
    // it may have been placed since it was read
    const placeBefore =
      before.place ?? (await this.parts.source.placesOf([before.id])).get(before.id) ?? null;
    if (placeBefore !== null && placeBefore < place) return;
    if (placeBefore === null && before.listed) return;
    const where = placeBefore === null ? 'is not placed' : `stands at ${placeBefore}`;
    this.parts.findings.add(
      'commit-order',
      id,
      `it stands at ${place} of the log, while ${before.id} ${where}`,
    );
  }
}

/** Documents come from a database that others may write to: nothing is taken for granted. */
function isWellFormed(commit: Commit): boolean {
  const { id, stream, first, last, commitId, events, meta, at, previousHash, hash } = commit;
  const texts: unknown[] = [stream, commitId, hash, previousHash ?? ''];
  return (
    texts.every((text) => typeof text === 'string') &&
    [first, last].every((version) => Number.isInteger(version)) &&
    id === commitIdOf(stream, first) &&
    Array.isArray(events) &&
    last === first + events.length - 1 &&
    typeof meta === 'object' &&
    at instanceof Date
  );
}

function summaryOf({ events, meta, at }: Commit): string {
  const types = events.map((event) => String((event as Partial<typeof event> | null)?.type));
  const actor = String((meta as Partial<Commit['meta']> | null)?.actor);
  return `${types.join(', ').slice(0, 100)} by ${actor.slice(0, 60)} at ${at.toISOString()}`;
}
