import { type Verdict } from './decision/decision';

/** A worker's verdict became another one. Times are fleet time. */
export interface VerdictChange {
  readonly workerId: string;
  readonly at: Date;
  readonly verdict: Verdict;
  /** why it would be stopped; null where nothing speaks for a stop */
  readonly cause: string | null;
  readonly decisionId: string;
  /** ids of the policies that its own was made of, weakest first, each with its version: `fleet@3` */
  readonly policyLayers: readonly string[];
  readonly deadline: Date | null;
}

/** The present verdict of a worker, and what people were told of since it is so. */
export interface VerdictNow extends VerdictChange {
  /** ids of the episodes that were alarmed about */
  readonly alarmed: readonly string[];
}

/**
 * What the reaper thought of each worker, as it changed: for 90 days (machine time), the present verdict for as long as
 * it is so. All methods throw StoreUnavailable.
 */
export abstract class VerdictBook {
  /** By worker id; a worker that was never judged is missing. Without ids: all whose verdict is not `not-applicable`. */
  abstract current(workerIds?: readonly string[]): Promise<ReadonlyMap<string, VerdictNow>>;

  /** The same change may be added again. What was alarmed about begins anew with it. */
  abstract add(changes: readonly VerdictChange[]): Promise<void>;

  /** People were told of this episode. No effect once the verdict is another than that of `decisionId`. */
  abstract alarmed(workerId: string, decisionId: string, episodeId: string): Promise<void>;

  /** In order: the one that held at `from`, if any is known, and those after it, up to and including `to`. */
  abstract between(workerId: string, from: Date, to: Date): Promise<VerdictChange[]>;
}
