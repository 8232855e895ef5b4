/** How many automatic stops a sliding window allows: the smaller of the two, where both are given. */
export interface StopBudget {
  readonly stops: number | null;
  /** percent of the workers that run, rounded up to 1 at least */
  readonly sharePercent: number | null;
  readonly windowMinutes: number;
}

/** One budget that a worker's stop would be taken from, as it stands. */
export interface BudgetLimit {
  /** `fleet`, `region us-east-1`, `policy <name> (<id>)`, `policy worker-<id>` or `catch-up` */
  readonly scope: string;
  readonly allowed: number;
  readonly used: number;
  readonly windowMinutes: number;
  /** when the oldest stop leaves the window; null: nothing is used */
  readonly freesAt: Date | null;
}

/** Somebody has switched off all automatic stops. */
export interface ReaperPause {
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
  /** null: until it is resumed */
  readonly until: Date | null;
}

/** So much was stopped at once that a person must say whether it was right. */
export interface OpenBreaker {
  readonly openedAt: Date;
  /** automatic stops in the window, the one that was not carried out included */
  readonly stops: number;
  /** of so many that ran */
  readonly running: number;
}

/** What holds stops off that are due, for one worker. */
export interface BudgetView {
  readonly limits: readonly BudgetLimit[];
  readonly paused: ReaperPause | null;
  readonly breaker: OpenBreaker | null;
}

/** Nothing holds a stop off. */
export const UNLIMITED: BudgetView = { limits: [], paused: null, breaker: null };
