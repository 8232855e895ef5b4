import { type DriftPolicy } from '../domain/worker-state';

/** What the workers module is told by the root. */
export interface WorkersOptions {
  /** regions that workers may be in */
  readonly regions: readonly string[];
  /** fleet seconds between two turns of the reconciler */
  readonly reconcileSeconds: number;
  /** what is done about changes in AWS, where the worker has no policy of its own */
  readonly driftPolicy: DriftPolicy;
  /** whether a stop that hangs is forced, once */
  readonly forceOverdueStop: boolean;
  /** ticks start with the application; off in specs, which run them by hand */
  readonly autostart: boolean;
}

export const WORKERS_OPTIONS = Symbol('WorkersOptions');
