import { type WorkerRecord } from '../../workers';

export interface KeptTopologies {
  /** labs whose topology is kept now, whether it was before or not */
  readonly kept: number;
  /** labs whose topology could not be read or is too large, with CML's words or ours */
  readonly failed: readonly { readonly labId: string; readonly message: string }[];
  /**
   * Labs that the server could not show now, or that were not asked for any more: the same may succeed in a while. The
   * one that took the server's time is the last, so that the others come first when these are asked for again.
   */
  readonly later: readonly { readonly labId: string; readonly message: string }[];
}

/** On whose behalf it is done, and who hears how far it is. */
export interface KeepOrder {
  readonly by: string;
  readonly reason: string | null;
  /** ids of the labs that are meant, in the order in which they are read; left out or null: all */
  readonly only?: readonly string[] | null;
  /** fleet time from which no further lab is asked for */
  readonly until?: Date;
  /** called before each lab */
  readonly onProgress?: (done: number, of: number) => Promise<void>;
}

/** Keeps the topologies of a worker's labs before something destroys them. */
export abstract class TopologyKeeper {
  /**
   * Idempotent: what is kept already and did not change is not kept again. Without an order it is done on behalf of
   * whoever wants the worker as it is wanted.
   * @throws CmlError where not even the list of labs can be read; StoreUnavailable; the signal's reason
   */
  abstract keepAll(worker: WorkerRecord, signal: AbortSignal, order?: KeepOrder): Promise<KeptTopologies>;
}
