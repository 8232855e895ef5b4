import { type LogEntry } from './ports';

/** A consumer of the log that the store remembers: what it has handled, and which process handles it now. */
export interface SubscriptionState {
  readonly name: string;
  /** the last position that is handled, or put aside */
  readonly position: number;
  readonly owner: string | null;
  readonly fence: number;
  /** until then the owner has it, by the database's clock */
  readonly dueAt: Date;
  /** passes that failed as a whole since the position last moved */
  readonly attempts: number;
  readonly lastError: string | null;
}

/** That a process may handle a subscription for a while. */
export interface SubscriptionClaim {
  readonly name: string;
  readonly owner: string;
  /** grows by one with each new owner: a late owner's writes are refused by it */
  readonly fence: number;
  readonly position: number;
}

/** All methods throw StoreUnavailable. */
export abstract class Subscriptions {
  /** Creates it at a position, unless it is there already. */
  abstract ensure(name: string, position: number): Promise<void>;
  /** Null when somebody else has it, or when it is not there. An owner that asks again renews, with the same fence. */
  abstract claim(name: string, owner: string, lengthMs: number): Promise<SubscriptionClaim | null>;
  /** Under the claim's fence; false when it was lost meanwhile. Forgets what failed before. */
  abstract move(claim: SubscriptionClaim, position: number): Promise<boolean>;
  /** Notes that a pass failed. Under the claim's fence. */
  abstract noteFailure(claim: SubscriptionClaim, error: string): Promise<boolean>;
  /** Lets others have it at once. Under the claim's fence. */
  abstract release(claim: SubscriptionClaim): Promise<boolean>;
  abstract remove(name: string): Promise<void>;
  /** By name. */
  abstract list(): Promise<SubscriptionState[]>;
}

/**
 * A stream that a subscription could not handle a commit of. Its later commits are skipped, so that they stay in order,
 * and other streams go on. It is tried again from `fromVersion`, and after too many tries waits for a person.
 */
export interface ParkedStream {
  readonly subscription: string;
  readonly stream: string;
  /** first event of the commit that failed */
  readonly fromVersion: number;
  readonly attempts: number;
  readonly error: string;
  /** machine time; null: nobody tries until a person asks for it */
  readonly nextTryAt: Date | null;
  /** machine time of the last failure */
  readonly failedAt: Date;
  /** of the owner who looked after it last */
  readonly fence: number;
}

/** All methods throw StoreUnavailable. */
export abstract class ParkedStreams {
  /** Stores it; one of the same stream that is there keeps the lower version. */
  abstract put(parked: ParkedStream): Promise<void>;
  /**
   * Makes all of them this owner's, and answers them. An owner that lost the subscription can change none of them after
   * that: it might remove one, and others would have skipped commits that it does not know of.
   */
  abstract adopt(claim: SubscriptionClaim): Promise<ParkedStream[]>;
  abstract of(subscription: string): Promise<ParkedStream[]>;
  /** Replaces one that is still as it was read; false when it is not. */
  abstract replace(before: ParkedStream, after: ParkedStream): Promise<boolean>;
  /** Removes one that is still as it was read; false when it is not. */
  abstract remove(parked: ParkedStream): Promise<boolean>;
  /** Lets the owner of the subscription try it again now, with a fresh count. False when it is not there. */
  abstract retry(subscription: string, stream: string, now: Date): Promise<boolean>;
  abstract removeAll(subscription: string): Promise<void>;
}

/** What is done with the log by one subscription. */
export interface SubscriptionDefinition {
  /** `read-model:workers`, `webhook:<id>`, `process:<step>` */
  readonly name: string;
  /** position after which a new one begins: 0 is the log's beginning */
  readonly startAfter: number;
  /** the kind of streams that it is about; null for all. Entries of others move the position only */
  readonly kind: string | null;
  /**
   * Gets each commit at least once: in order within a stream, several streams side by side. It must be idempotent. What
   * it throws puts the stream aside, but StoreUnavailable, which stops the whole pass.
   */
  readonly handle: (entry: LogEntry) => Promise<void>;
}
