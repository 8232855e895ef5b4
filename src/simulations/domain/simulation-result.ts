/** Who or what a simulated stop would have hit. Times are fleet time. */
export interface SimulatedHit {
  readonly at: Date;
  /** a signal that was active (`labs`, `sessions`, …), or what somebody did (`start`, `keep-alive`, …) */
  readonly what: string;
  /** null: nobody knows */
  readonly by: string | null;
}

/** A stop that the replayed policy would have led to. */
export interface SimulatedStop {
  readonly workerId: string;
  readonly at: Date;
  /** `idle`, `schedule`, `max-uptime` */
  readonly cause: string;
  /** when it really was used again, or really ended to run; null: neither up to the end */
  readonly until: Date | null;
  /** for which it really ran after it */
  readonly minutesSaved: number;
  /** what it would have hit within half an hour; null: nobody */
  readonly hit: SimulatedHit | null;
  /** what is recorded of that time is not exact */
  readonly approximate: boolean;
}

/** A due stop that a budget would have held off. */
export interface BudgetHit {
  readonly workerId: string;
  readonly from: Date;
  /** when it was stopped, or not due any more; null: neither up to the end */
  readonly until: Date | null;
  /** `fleet`, `region us-east-1`, `policy <name>` */
  readonly scope: string;
  /** it was not stopped in the end */
  readonly lapsed: boolean;
}

/** The breaker would have asked a person. */
export interface BreakerOpening {
  readonly at: Date;
  readonly stops: number;
  readonly running: number;
}

/** How what is replayed of the live policy compares with what was thought at the time. */
export interface VerdictComparison {
  /** changes of verdicts that were recorded under the policy of today, and of which the replay says the same */
  readonly recorded: number;
  readonly equal: number;
  /** what was held off by a pause, a budget or the breaker then, and would have been a stop */
  readonly restrained: number;
  /** recorded under policies that have changed since, and so not compared */
  readonly underOtherPolicies: number;
  /** recorded under the policy of today, and replayed otherwise or at another time; and changes that only the replay has */
  readonly differingTotal: number;
  /** as many of them are changes that only the replay has */
  readonly replayedOnly: number;
  /** the first of them */
  readonly differing: readonly {
    readonly workerId: string;
    readonly at: Date;
    readonly recorded: string | null;
    readonly replayed: string | null;
  }[];
}

export interface SimulatedWorker {
  readonly workerId: string;
  readonly workerName: string;
  readonly stops: number;
  readonly hoursRun: number;
  readonly hoursSaved: number;
  readonly hits: number;
  readonly heldByBudget: number;
  /** parts of what is recorded of it are not exact */
  readonly approximate: boolean;
}

/** A worker that is not part of the sums. */
export interface SkippedWorker {
  readonly workerId: string;
  /** null: not known */
  readonly workerName: string | null;
  readonly why: string;
}

export interface SimulationTotals {
  readonly workers: number;
  readonly stops: number;
  readonly stopsByCause: Readonly<Record<string, number>>;
  /** for which the workers really ran, and would not have */
  readonly hoursSaved: number;
  readonly hoursRun: number;
  /** stops that would have hit somebody */
  readonly hits: number;
  readonly heldByBudget: number;
  readonly breakerOpenings: number;
  readonly evaluations: number;
  readonly approximate: boolean;
}

/** What came of a simulation. Lists are cut, hits first; the numbers are of all. */
export interface SimulationResult {
  readonly totals: SimulationTotals;
  readonly workers: readonly SimulatedWorker[];
  readonly stops: readonly SimulatedStop[];
  readonly budgetHits: readonly BudgetHit[];
  readonly breakerOpenings: readonly BreakerOpening[];
  /** of a simulation of the live policy; null of a draft */
  readonly comparison: VerdictComparison | null;
  readonly skipped: readonly SkippedWorker[];
}
