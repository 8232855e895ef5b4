/** What the reaper is told by the root. */
export interface ReaperOptions {
  /** when it takes its turn: cron, with 5 or 6 fields, in UTC and machine time */
  readonly cron: string;
  /** fleet seconds between two observations of a worker */
  readonly observeSeconds: number;
  /** the schedule starts with the application; off in specs, which run it by hand */
  readonly autostart: boolean;
}

export const REAPER_OPTIONS = Symbol('ReaperOptions');
