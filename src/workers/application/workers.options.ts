/** What the workers module is told by the root. */
export interface WorkersOptions {
  /** regions that workers may be in */
  readonly regions: readonly string[];
  /** fleet seconds between two turns of the reconciler */
  readonly reconcileSeconds: number;
  /** longest snooze, minutes */
  readonly snoozeCapMinutes: number;
  /** ticks start with the application; off in specs, which run them by hand */
  readonly autostart: boolean;
}

export const WORKERS_OPTIONS = Symbol('WorkersOptions');
