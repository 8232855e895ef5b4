import { type Reach } from '../kernel/reach';

/** Knows where workers are and what they are tagged with. Bound by whoever keeps the workers. */
export abstract class WorkerGate {
  /**
   * Passes for a worker within reach, terminated ones too, and for an id that is no UUID, which the route refuses by itself.
   * @throws WorkerNotFound for any other, in the same words whether there is such a worker or not; StoreUnavailable
   */
  abstract mustBeWithin(workerId: string, reach: Reach): Promise<void>;
}
