import { type MachineClock, SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { type AppendSignal } from './append-signal';
import { type AppendNote, type AppendWatch } from './append-watch';
import { assertContiguous } from './commit-chain';
import { type CommitMaker } from './commit-maker';
import { LogPlacing } from './log-placing';
import { type LogSeal } from './log-seal';
import { type AppendRequest, type Commit, EventStore, type LogEntry, type LogFilter } from './ports';
import { CorruptStream, StreamConflict } from './store-errors';
import { type CommitTable, type LogLine, type LogTable } from './tables';

const TRIES = 6;
/** Machine milliseconds; doubled with each try. */
const FIRST_PAUSE = 50;
/** Machine milliseconds after which no further try begins: with the last one an append has 10 s. */
const APPEND_WITHIN = 5 * SECOND;
const KIND_BATCH = 500;

export interface TableEventStoreParts {
  readonly commits: CommitTable;
  readonly log: LogTable;
  readonly maker: CommitMaker;
  readonly seal: LogSeal;
  readonly appended: AppendSignal;
  /** left out: nobody asks how long appends take */
  readonly watch?: AppendWatch;
  readonly clock: MachineClock;
  readonly pause: (machineMs: number) => Promise<void>;
}

/**
 * Streams and log over two tables. One insert of one commit is atomic everywhere, and its id is the check of the
 * version, so neither a transaction nor a lock is needed.
 */
export class TableEventStore extends EventStore {
  private readonly placing: LogPlacing;

  constructor(private readonly parts: TableEventStoreParts) {
    super();
    this.placing = new LogPlacing(parts.commits, parts.log, parts.seal);
  }

  async load(
    stream: string,
    { afterVersion = 0, until = null, limit = null }: Parameters<EventStore['load']>[1] = {},
  ): Promise<Commit[]> {
    const commits = await this.parts.commits.ofStream(stream, { afterVersion, until, limit });
    assertContiguous(stream, afterVersion, commits);
    return commits;
  }

  async loadNewest(stream: string, limit: number): Promise<Commit[]> {
    const range = { afterVersion: 0, until: null, limit, newest: true };
    const commits = await this.parts.commits.ofStream(stream, range);
    const [first] = commits;
    if (first) assertContiguous(stream, commits.length < limit ? 0 : first.first - 1, commits);
    return commits;
  }

  async loadKind(kind: string): Promise<Commit[]> {
    const all: Commit[] = [];
    for (let after = ''; ;) {
      const batch = await this.parts.commits.ofKind(kind, after, KIND_BATCH);
      all.push(...batch);
      const last = batch.at(-1);
      if (!last || batch.length < KIND_BATCH) return all;
      after = last.id;
    }
  }

  findCommit(stream: string, commitId: string): Promise<Commit | null> {
    return this.parts.commits.ofCommand(stream, commitId);
  }

  async append(request: AppendRequest): Promise<Commit> {
    const { watch, clock } = this.parts;
    const begunAt = clock.now().getTime();
    const note = (outcome: AppendNote['outcome']) =>
      watch?.note({ outcome, durationMs: clock.now().getTime() - begunAt });
    try {
      const stored = await this.store(request);
      note('stored');
      return stored;
    } catch (error) {
      note(error instanceof StreamConflict ? 'conflict' : 'failed');
      throw error;
    }
  }

  private async store(request: AppendRequest): Promise<Commit> {
    const commit = this.parts.maker.make(request);
    const stored = (await this.insert(commit))
      ? commit
      : await this.findCommit(commit.stream, commit.commitId);
    if (!stored) throw new StreamConflict(request.stream, request.head.version);
    this.parts.appended.notify();
    return stored;
  }

  async readLog(after: number, limit: number, filter: LogFilter = {}): Promise<LogEntry[]> {
    return this.withCommits(await this.parts.log.read(after, limit, filter));
  }

  async readLogBack(before: number, limit: number, filter: LogFilter = {}): Promise<LogEntry[]> {
    return this.withCommits(await this.parts.log.readBack(before, limit, filter));
  }

  sequence(): Promise<number> {
    return this.placing.run();
  }

  async logEnd(): Promise<number> {
    return (await this.parts.log.last())?.position ?? 0;
  }

  private async withCommits(lines: readonly LogLine[]): Promise<LogEntry[]> {
    if (lines.length === 0) return [];
    const commits = await this.parts.commits.byIds(lines.map(({ commit }) => commit));
    const byId = new Map(commits.map((commit) => [commit.id, commit]));
    return lines.map(({ position, commit: id }) => {
      const commit = byId.get(id);
      if (!commit) throw new CorruptStream(`${id}, at ${position} of the log, is gone`);
      return { position, commit };
    });
  }

  /**
   * False when the version is taken or the command has its commit already; the latter may well be what an earlier try
   * of this very insert left, whose answer was lost.
   */
  private async insert(commit: Commit): Promise<boolean> {
    const { clock, commits, pause } = this.parts;
    const begun = clock.now().getTime();
    for (let tries = 1; ; tries += 1) {
      try {
        return await commits.insert(commit);
      } catch (cause) {
        if (!(cause instanceof StoreUnavailable)) throw cause;
        if (tries === TRIES || clock.now().getTime() - begun >= APPEND_WITHIN) {
          throw new StoreUnavailable(`it is not known whether ${commit.id} was stored`, {}, { cause });
        }
      }
      await pause(FIRST_PAUSE * 2 ** (tries - 1));
    }
  }
}
