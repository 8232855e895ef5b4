/** What the simulations module is told by the root. */
export interface SimulationOptions {
  /** when the reaper takes its turns: cron, in UTC */
  readonly cron: string;
  /** fleet seconds between two observations of a worker, and between two readings of what people did on it */
  readonly observeSeconds: number;
  readonly activitySeconds: number;
}

export const SIMULATION_OPTIONS = Symbol('SimulationOptions');
