import { type DecisionInputs } from './decision-inputs';
import { type IdlePolicy } from './idle-policy';
import { type RuleOutcome } from './rule';

export const VERDICTS = [
  /** not RUNNING, or not wanted RUNNING: nothing to judge */
  'not-applicable',
  'protected',
  'snoozed',
  /** a sign of use is active */
  'in-use',
  /** whether it is in use cannot be told: it is kept, and never stopped for it */
  'unknown',
  /** idle, but not for long enough */
  'idle-waiting',
  /** the stop is near, and is announced or has been */
  'warn',
  /** idle for the whole window, and announced: due */
  'stop',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The judgement about one worker at one moment, with everything that explains it. Times are fleet time. */
export interface IdleDecision {
  readonly decisionId: string;
  readonly workerId: string;
  readonly workerName: string;
  readonly at: Date;
  readonly verdict: Verdict;
  /** why, in a sentence or some */
  readonly reason: string;
  /** every rule in the order of judgement; of a worker that nothing applies to only the first */
  readonly rules: readonly RuleOutcome[];
  readonly inputs: DecisionInputs;
  /** what stands between the worker and an automatic stop, a sentence each; empty when it is due */
  readonly wouldHaveToChange: readonly string[];
  /** beginning of the idle window; null when there is none */
  readonly idleSince: Date | null;
  /** when the stop is due, if it stays idle; null when there is no idle window, or something holds the stop off */
  readonly deadline: Date | null;
  /** when the verdict changes by time alone; null when only a reading or a person changes it */
  readonly nextDecisionAt: Date | null;
  readonly plannedStop: { readonly at: Date; readonly reason: string } | null;
  readonly policy: IdlePolicy;
}
