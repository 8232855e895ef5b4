import { type Reach } from '../kernel/reach';

/** Knows where workers are and what they are tagged with. Bound by whoever keeps the workers. */
export abstract class WorkerGate {
  /**
   * Passes for a worker within reach, terminated ones too, and for an id that is no UUID, which the route refuses by itself.
   * @throws WorkerNotFound for any other, in the same words whether there is such a worker or not; StoreUnavailable
   */
  abstract mustBeWithin(workerId: string, reach: Reach): Promise<void>;

  /** Those of the ids whose workers are within reach at this moment, terminated ones too. @throws StoreUnavailable */
  abstract within(workerIds: readonly string[], reach: Reach): Promise<ReadonlySet<string>>;

  /**
   * The ids of all workers within reach, terminated ones too, for lists of what is about workers. It follows changes by a
   * moment. @throws StoreUnavailable
   */
  abstract idsWithin(reach: Reach): Promise<readonly string[]>;
}
