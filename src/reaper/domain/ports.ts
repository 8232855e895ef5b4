import { type EffectivePolicy, type FleetRules, type PolicySubject } from './policy/effective-policy';
import { type ObservedUse } from './signals/idle-input';
import { type LiveProbe } from './live-probe';
import { type ReaperRun } from './reaper-run';

/** Where the reaper learns whether workers are in use. */
export abstract class SignsOfUse {
  /** By worker id; a worker that was never observed is missing. @throws StoreUnavailable */
  abstract of(workerIds: readonly string[]): Promise<ReadonlyMap<string, ObservedUse>>;

  /** Asks the worker's CML server now. @throws CmlError when it says nothing at all; StoreUnavailable */
  abstract probe(workerId: string): Promise<LiveProbe>;
}

/** Where a page of runs begins: after this one, newest first. */
export interface RunPosition {
  readonly startedAt: Date;
  readonly id: string;
}

/** What the reaper did, for 90 days (machine time). @throws StoreUnavailable */
export abstract class ReaperRuns {
  /** Stores it, in the place of what was stored of it before: at its begin and at its end. */
  abstract put(run: ReaperRun): Promise<void>;
  /** When the latest turn began that was no dry run, and that came to its end, if that is asked for; null: none is kept. */
  abstract latestTurn(options: { readonly finished: boolean }): Promise<Date | null>;
  /** When the latest turn ended that was no dry run; of one that never did, when it began. Null: none is kept. */
  abstract latestEnd(): Promise<Date | null>;
  abstract find(id: string): Promise<ReaperRun | null>;
  /** Newest first. */
  abstract page(limit: number, after: RunPosition | null): Promise<ReaperRun[]>;
}

/** Which policy holds for which worker. In memory: it never fails and never waits. */
export abstract class PolicySource {
  abstract of(worker: PolicySubject): EffectivePolicy;
  abstract fleet(): FleetRules;
}
