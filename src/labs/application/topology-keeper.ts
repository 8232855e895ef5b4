import { type WorkerRecord } from '../../workers';

export interface KeptTopologies {
  readonly kept: number;
  /** labs whose topology could not be read, with CML's words */
  readonly failed: readonly { readonly labId: string; readonly message: string }[];
}

/** Keeps the topologies of a worker's labs before something destroys them. */
export abstract class TopologyKeeper {
  /** Idempotent: what is kept already and did not change is not kept again. @throws CmlError, StoreUnavailable */
  abstract keepAll(worker: WorkerRecord, signal: AbortSignal): Promise<KeptTopologies>;
}
