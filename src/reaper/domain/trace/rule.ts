/** In the order of judgement. */
export const RULE_NAMES = [
  'wanted-running',
  'not-protected',
  'not-snoozed',
  'ec2-idle',
  'labs-idle',
  'cpu-idle',
  'activity-idle',
  'sessions-idle',
  'api-idle',
  'last-activity',
  'idle-window',
  /** of the maximum uptime: whether it is over, and that the latest reading of the labs had none running */
  'max-uptime',
  'labs-not-running',
  'announced',
  'noticed',
  /** restraints: they hold off a stop that is due */
  'not-paused',
  'breaker',
  'calendar',
  'budget',
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

/** What one rule says: whether it allows a stop, and what it saw. */
export interface RuleOutcome {
  readonly rule: RuleName;
  /** pass: allows a stop; fail: forbids it; unknown: cannot tell, which forbids it as well */
  readonly outcome: 'pass' | 'fail' | 'unknown';
  /** a sentence with the values and their ages */
  readonly detail: string;
}

export interface Rule extends RuleOutcome {
  /** what would have to change so that it passes, as a sentence; null when it does */
  readonly remedy: string | null;
}
