import { type WorkerRecord } from '../../workers';

export interface LabShutdownOptions {
  readonly signal: AbortSignal;
  /** called after each lab */
  readonly onProgress?: (stopped: number, of: number) => Promise<void>;
}

/** Stops all labs of a worker, one after the other, and waits until no node runs. */
export abstract class LabShutdown {
  /** Idempotent. @returns how many labs it stopped @throws CmlError */
  abstract stopAll(worker: WorkerRecord, options: LabShutdownOptions): Promise<number>;
}
