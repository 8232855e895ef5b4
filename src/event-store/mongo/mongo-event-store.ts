import { type Connection, type mongo } from 'mongoose';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type AppendSignal } from '../append-signal';
import { assertContiguous } from '../commit-chain';
import { type CommitMaker } from '../commit-maker';
import { type AppendRequest, type Commit, EventStore, type LogEntry } from '../ports';
import { StreamConflict } from '../store-errors';
import { commitIdOf } from '../stream-name';
import { storeCollection } from './collections';
import { type CommitDocument, COMMITS, toCommit, toDocument } from './commit-document';
import { answered, isDuplicateKey, isUnclear } from './driver-errors';
import { MongoLog } from './mongo-log';

/** Above every version that a stream reaches. */
const LAST_VERSION = 9_999_999_999;
const TRIES = 6;
/** Machine milliseconds; doubled with each try. */
const FIRST_PAUSE = 50;

/**
 * Streams as commit documents. One insert of one document is atomic on every kind of server, and its `_id` is the
 * check of the version, so neither a transaction nor a lock is needed.
 */
export class MongoEventStore extends EventStore {
  private readonly commits: mongo.Collection<CommitDocument>;
  private readonly log: MongoLog;

  constructor(
    connection: Connection,
    private readonly maker: CommitMaker,
    private readonly appended: AppendSignal,
    private readonly pause: (machineMs: number) => Promise<void>,
  ) {
    super();
    this.commits = storeCollection(connection, COMMITS);
    this.log = new MongoLog(connection);
  }

  async load(
    stream: string,
    { afterVersion = 0, until }: { afterVersion?: number; until?: Date } = {},
  ): Promise<Commit[]> {
    const _id = { $gt: commitIdOf(stream, afterVersion), $lte: commitIdOf(stream, LAST_VERSION) };
    const query = { _id, ...(until && { at: { $lte: until } }) };
    const found = await answered(() => this.commits.find(query).sort({ _id: 1 }).toArray());
    const commits = found.map(toCommit);
    assertContiguous(stream, afterVersion, commits);
    return commits;
  }

  async findCommit(stream: string, commitId: string): Promise<Commit | null> {
    const found = await answered(() => this.commits.findOne({ stream, commitId }));
    return found && toCommit(found);
  }

  async append(request: AppendRequest): Promise<Commit> {
    const commit = this.maker.make(request);
    const stored = (await this.insert(commit))
      ? commit
      : await this.findCommit(commit.stream, commit.commitId);
    if (!stored) throw new StreamConflict(request.stream, request.head.version);
    this.appended.notify();
    return stored;
  }

  readLog(after: number, limit: number): Promise<LogEntry[]> {
    return answered(() => this.log.read(after, limit));
  }

  sequence(): Promise<number> {
    return answered(() => this.log.sequence());
  }

  logEnd(): Promise<number> {
    return answered(() => this.log.end());
  }

  /**
   * False when the version is taken or the command has its commit already; the latter may well be what an earlier try
   * of this very insert left, whose answer was lost.
   */
  private async insert(commit: Commit): Promise<boolean> {
    let cause: unknown;
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await this.pause(FIRST_PAUSE * 2 ** (tries - 1));
      try {
        await this.commits.insertOne(toDocument(commit));
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        if (!isUnclear(error)) throw error;
        cause = error;
      }
    }
    throw new StoreUnavailable(`it is not known whether ${commit.id} was stored`, {}, { cause });
  }
}
