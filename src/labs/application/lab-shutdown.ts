import { type WorkerRecord } from '../../workers';

export interface LabShutdownOptions {
  readonly signal: AbortSignal;
  /** called after each lab; `of` grows when somebody starts another one */
  readonly onProgress?: (stopped: number, of: number) => Promise<void>;
}

/** Stops all labs of a worker, one after the other, those that are started meanwhile as well, and waits until no node runs. */
export abstract class LabShutdown {
  /**
   * Idempotent. @returns how many labs it stopped
   * @throws CmlError, `nodes-running` where something still runs after 20 minutes; StoreUnavailable; the signal's reason
   */
  abstract stopAll(worker: WorkerRecord, options: LabShutdownOptions): Promise<number>;
}
