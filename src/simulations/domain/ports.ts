import { type Simulation, type SimulationSummary } from './simulation';

/** Where a page of simulations begins: after this one, newest first. */
export interface SimulationPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** Simulations that came to their end, for 90 days (machine time). All methods throw StoreUnavailable. */
export abstract class SimulationStore {
  /** One with the same id is replaced: it was made anew. */
  abstract put(simulation: Simulation): Promise<void>;
  abstract find(id: string): Promise<Simulation | null>;
  /** Newest first. */
  abstract page(limit: number, after: SimulationPosition | null): Promise<SimulationSummary[]>;
}

/** A verdict of the reaper about a worker, as it became another one. Fleet time. */
export interface PastVerdict {
  readonly at: Date;
  readonly verdict: string;
  /** the policies that it rested on, weakest first, each with its version: `fleet@3` */
  readonly policyLayers: readonly string[];
}

/** What the reaper really thought. */
export abstract class PastVerdicts {
  /**
   * In order: the one that held at `from`, if any is known, and those after it, up to and including `to`.
   * @throws StoreUnavailable
   */
  abstract between(workerId: string, from: Date, to: Date): Promise<readonly PastVerdict[]>;
}
