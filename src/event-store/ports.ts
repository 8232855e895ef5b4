import { type CommandContext } from '../kernel/command-context';
import { type CommitMeta, type DomainEvent } from '../kernel/domain-event';
import { type Reach } from '../kernel/reach';

/** An event as it is stored. `data` holds plain values and Dates. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly schema: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What one append wrote: one document, so one atomic insert anywhere. Events `first`..`last` of the stream. */
export interface Commit {
  /** `<stream>:<first version, 10 digits>`: the insert of a taken version fails by it */
  readonly id: string;
  readonly stream: string;
  readonly first: number;
  readonly last: number;
  /** id of the command that wrote it; unique in its stream */
  readonly commitId: string;
  readonly events: readonly StoredEvent[];
  readonly meta: CommitMeta;
  /** fleet time; never runs back within a stream */
  readonly at: Date;
  /** hash of the stream's commit before; null for the first */
  readonly previousHash: string | null;
  /** `<kid>:<base64url HMAC-SHA-256>` over everything above */
  readonly hash: string;
}

export interface LogEntry {
  /** 1, 2, 3 … without gaps: the one order in which everything is delivered */
  readonly position: number;
  readonly commit: Commit;
}

export interface LogFilter {
  /** entries of these streams only */
  readonly streams?: readonly string[];
}

/** What a stream's end looks like: what an append continues. Version 0, null, null for a stream that is not there. */
export interface StreamHead {
  readonly version: number;
  readonly at: Date | null;
  readonly hash: string | null;
}

export interface AppendRequest {
  readonly stream: string;
  /** as loaded by this very writer; its `version` is the concurrency check */
  readonly head: StreamHead;
  readonly events: readonly DomainEvent[];
  readonly context: CommandContext;
}

/**
 * Streams with optimistic concurrency, and one log over all of them. All methods throw StoreUnavailable when the
 * database does not answer in time.
 */
export abstract class EventStore {
  /**
   * Commits with first > `afterVersion`, in order and contiguous; with `until`, only those made at or before it; at most
   * `limit`.
   */
  abstract load(
    stream: string,
    options?: { afterVersion?: number; until?: Date | null; limit?: number | null },
  ): Promise<Commit[]>;

  /** The newest commits of a stream, in order and contiguous; all of them where there are less than `limit`. */
  abstract loadNewest(stream: string, limit: number): Promise<Commit[]>;

  /** The commits of all streams of a kind, each stream's in order: for what is kept whole in memory. */
  abstract loadKind(kind: string): Promise<Commit[]>;

  /** The commit that this command made in the stream earlier, if it did. */
  abstract findCommit(stream: string, commitId: string): Promise<Commit | null>;

  /**
   * Stores the events as one commit, durably. A commit that the same command made before is answered instead of a
   * second one. `at` becomes max(fleet now, head.at + 1 ms). Event ids are derived from the command id.
   * @throws StreamConflict when somebody else's commit took the version
   */
  abstract append(request: AppendRequest): Promise<Commit>;

  /** Log entries with position > `after`, in order. @throws CorruptStream when a commit that stands there is gone */
  abstract readLog(after: number, limit: number, filter?: LogFilter): Promise<LogEntry[]>;

  /** Log entries with position < `before`, the last one first. */
  abstract readLogBack(before: number, limit: number, filter?: LogFilter): Promise<LogEntry[]>;

  /** Gives positions to commits that have none. Any process may call it at any time. Answers how many it placed. */
  abstract sequence(): Promise<number>;

  /** The highest position given out; 0 on an empty log. */
  abstract logEnd(): Promise<number>;
}

/** A stream's state at a version, so that a load need not replay from the first event. */
export interface Snapshot {
  readonly stream: string;
  readonly version: number;
  readonly schema: number;
  readonly state: Readonly<Record<string, unknown>>;
  readonly at: Date;
  /** hash of the commit it was taken at, which the next append continues */
  readonly hash: string;
  /** `<kid>:<base64url HMAC-SHA-256>` over everything above */
  readonly seal: string;
}

export abstract class SnapshotStore {
  abstract find(stream: string): Promise<Snapshot | null>;
  /** Replaces an older one; a newer one stays. */
  abstract save(snapshot: Snapshot): Promise<void>;
}

/**
 * Uniqueness across streams: a key belongs to at most one stream. It is taken before the append that needs it, for the
 * version that the stream then has: so whoever saw the stream without the key at a version can tell what was taken up to
 * it, and is not needed, from what was taken for a commit that is under way.
 */
export abstract class Reservations {
  /** True when the key is now this stream's (it may have been already); false when it is another's. */
  abstract take(key: string, stream: string, version: number): Promise<boolean>;
  /** Frees the key if it is this stream's and was not taken for a version above the given one. True when it was freed. */
  abstract free(key: string, stream: string, version: number): Promise<boolean>;
  /** Keys of the stream that were taken for versions up to the given one. */
  abstract heldBy(stream: string, version: number): Promise<string[]>;
  /** The stream that holds the key. */
  abstract holder(key: string): Promise<string | null>;
  /**
   * Reservations by streams of a kind that were taken before `takenBefore` (machine time), for the sweep of those that
   * their stream never used.
   */
  abstract olderThan(
    kind: string,
    takenBefore: Date,
    limit: number,
  ): Promise<{ key: string; stream: string }[]>;
  /** Frees the key if it is this stream's and was taken before that time (machine time). True when it was freed. */
  abstract expire(key: string, stream: string, takenBefore: Date): Promise<boolean>;
}

/** What is kept of a request with an Idempotency-Key. The answer is stored without its secrets. */
export interface IdempotentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** what of the fleet it was made of; absent: all of it */
  readonly reach?: Reach;
}

export type IdempotencyClaim =
  /**
   * `since` (machine time) is when the key was first used, `bodyHash` is the body's as it was kept first; with the request
   * they name the command
   */
  | { readonly outcome: 'run'; readonly since: Date; readonly bodyHash: string }
  | { readonly outcome: 'replay'; readonly answer: IdempotentAnswer }
  | { readonly outcome: 'running'; readonly leaseUntil: Date }
  | { readonly outcome: 'other-body' };

/**
 * One request per key at a time. `id` is a hash of caller, method, path and key; `claimant` names one try of the request,
 * so that a late word about it does not hit the next one; times are machine time.
 */
export abstract class IdempotencyStore {
  /**
   * `run`: this caller executes, for 60 s; after that another may, which is harmless since command ids are derived.
   * @param formerHashes of the same body, as it may have been kept before
   */
  abstract claim(
    id: string,
    bodyHash: string,
    claimant: string,
    formerHashes?: readonly string[],
  ): Promise<IdempotencyClaim>;
  abstract complete(id: string, claimant: string, answer: IdempotentAnswer): Promise<void>;
  /** The request failed in a way that a repetition may cure: the next one runs, with another body if need be. */
  abstract abandon(id: string, claimant: string): Promise<void>;
}

export interface Lease {
  readonly job: string;
  readonly owner: string;
  /**
   * Names one holder's one turn, and grows with each claim: writes carry it, so that a late holder's are refused. It
   * does not begin at 1, so that it grows on where the leases were lost.
   */
  readonly fence: number;
  /** when it was claimed, by the clock of the database */
  readonly claimedAt: Date;
}

/** Where a job stands; times are by the clock of the database. */
export interface JobState {
  /** when it may be claimed: its next turn, or the end of the lease while one is under way */
  readonly dueAt: Date;
  /** who had, or has, the latest turn; empty when nobody ever did */
  readonly owner: string;
}

/**
 * Who may do a periodic job now, and when its next turn is: one row for both, so that a turn that was finished is not
 * taken again before its time, and one whose holder died is due when its lease ends. The database server's clock
 * decides, never ours.
 */
export abstract class Leases {
  /**
   * Makes the job known: first due at `first`. A turn that is planned for later than `latest` is brought forward to
   * it, as after a change of the settings. Answers the time by the clock of the database.
   */
  abstract plan(job: string, times: { first: Date; latest: Date }): Promise<Date>;

  /** Those of the jobs that are known. */
  abstract states(jobs: readonly string[]): Promise<ReadonlyMap<string, JobState>>;

  /**
   * Null when the job is not due, or somebody holds it, be it this owner. `early` takes a turn before it is due; a
   * lease that is held keeps it out all the same.
   */
  abstract claim(
    job: string,
    owner: string,
    lengthMs: number,
    options?: { readonly early?: boolean },
  ): Promise<Lease | null>;

  /** The lease ends so long from now; false when it was lost. One that ran out is renewed if nobody has claimed it. */
  abstract renew(lease: Lease, lengthMs: number): Promise<boolean>;

  /** Ends the turn; the next one is due at `dueAt` (by the database's clock), or at once. False when it was lost. */
  abstract release(lease: Lease, dueAt?: Date): Promise<boolean>;
}

/** Makes and checks the hashes that chain the commits of a stream, and the seals of snapshots. */
export abstract class CommitSeal {
  /** `<kid>:<base64url>` over the canonical form of the commit, previousHash included. */
  abstract seal(commit: Omit<Commit, 'hash'>): string;
  abstract verify(commit: Commit): boolean;
  abstract sealSnapshot(snapshot: Omit<Snapshot, 'seal'>): string;
  abstract verifySnapshot(snapshot: Snapshot): boolean;
}

/** Turns stored events into the domain's classes; knows every type that was ever written. */
export abstract class EventDecoder {
  /** @throws UnknownEvent for a type that nobody registered */
  abstract decode(commit: Commit): DomainEvent[];
}
