import { type Commit, type LogFilter } from './ports';

/** What placing a commit needs to know of it. */
export type UnplacedCommit = Pick<Commit, 'id' | 'stream' | 'first' | 'hash'>;

/** One position of the log. */
export interface LogLine {
  readonly position: number;
  /** id of the commit that stands there */
  readonly commit: string;
  readonly stream: string;
  /** seal over the line, its commit's hash and the seal of the line before */
  readonly hash: string;
}

/** Commits with first > `afterVersion` and at ≤ `until`; of these the oldest `limit`, or the newest. */
export interface StreamRange {
  readonly afterVersion: number;
  readonly until: Date | null;
  readonly limit: number | null;
  readonly newest?: boolean;
}

/**
 * The commits of all streams. Each single write is atomic; nothing else is asked of what keeps them. All methods throw
 * StoreUnavailable when there is no answer in time; a write may then stand or not.
 */
export abstract class CommitTable {
  /** False when the commit's id, or its command in its stream, is taken. */
  abstract insert(commit: Commit): Promise<boolean>;
  /** Commits in the order of their versions. */
  abstract ofStream(stream: string, range: StreamRange): Promise<Commit[]>;
  abstract ofCommand(stream: string, commitId: string): Promise<Commit | null>;
  /** Commits of all streams of a kind with id > `afterId`, by id. */
  abstract ofKind(kind: string, afterId: string, limit: number): Promise<Commit[]>;
  /** In any order; what is not there is left out. */
  abstract byIds(ids: readonly string[]): Promise<Commit[]>;
  /** Commits that are not marked as placed, by time and id. */
  abstract unplaced(limit: number): Promise<UnplacedCommit[]>;
  abstract markPlaced(ids: readonly string[]): Promise<void>;
}

/** The log's lines. A position and a commit each stand in it at most once. Throws as CommitTable does. */
export abstract class LogTable {
  abstract last(): Promise<LogLine | null>;
  /** Lines with position > `after`, in order. */
  abstract read(after: number, limit: number, filter: LogFilter): Promise<LogLine[]>;
  /** Lines with position < `before`, the last one first. */
  abstract readBack(before: number, limit: number, filter: LogFilter): Promise<LogLine[]>;
  /** Inserts in order, up to the first line whose position or commit is taken. Answers how many it inserted. */
  abstract append(lines: readonly LogLine[]): Promise<number>;
  /** Which of these commits stand in the log. */
  abstract placedOf(commits: readonly string[]): Promise<string[]>;
}
