import { type DecisionInputs } from '../signals/decision-inputs';
import { type PolicyLayer } from '../policy/effective-policy';
import { type StopCause } from '../signals/idle-input';
import { type IdlePolicy } from '../policy/idle-policy';
import { type RuleName, type RuleOutcome } from '../trace/rule';

export const VERDICTS = [
  /** not RUNNING, or not wanted RUNNING: nothing to judge */
  'not-applicable',
  'protected',
  'snoozed',
  /** a sign of use is active */
  'in-use',
  /** whether it is in use cannot be told: it is kept, and stopped for nothing but a maximum uptime */
  'unknown',
  /** idle, but not for long enough */
  'idle-waiting',
  /** the stop is near, and is announced or has been */
  'warn',
  /** it would be announced or stopped, but a restraint stands */
  'held',
  /** due, announced, and nothing holds it off */
  'stop',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What is judged about one worker at one moment, without a word of explanation. Times are fleet time. */
export interface Judgement {
  readonly verdict: Verdict;
  /** what it is stopped for, of verdicts from `idle-waiting` on; null where nothing leads to a stop */
  readonly cause: StopCause | null;
  /** beginning of the idle window; null when there is none */
  readonly idleSince: Date | null;
  /** when the stop is due, if nothing changes; null where none is, or nobody can tell when its restraint ends */
  readonly deadline: Date | null;
  /**
   * the announcement that the worker should have now: the standing one, another, or none. A plan that differs from the
   * worker's is to be announced or called off.
   */
  readonly plan: { readonly at: Date; readonly cause: StopCause } | null;
  /** the notice that people should be told now, of that plan; null: none, or it was told already */
  readonly noticeDue: { readonly stageMinutes: number; readonly deadline: Date } | null;
  /** the rules that hold it off; empty but for `held` */
  readonly restraints: readonly RuleName[];
  /** when the verdict changes by time alone; null when only a reading or a person changes it */
  readonly nextDecisionAt: Date | null;
  /**
   * nobody can tell whether it is in use: what a verdict of `unknown` means, and what may be true beneath others, as of one
   * that is protected, or at the end of its maximum uptime
   */
  readonly unclear: boolean;
  /** labs run, and nobody has done anything for twelve hours; never a reason to stop */
  readonly longRunning: { readonly since: Date } | null;
  /** the policy is on trial: judged as if it were live, as if announced in time; nothing may follow from it */
  readonly dryRun: boolean;
}

/** The judgement about one worker with everything that explains it. */
export interface IdleDecision extends Judgement {
  readonly decisionId: string;
  readonly workerId: string;
  readonly workerName: string;
  readonly at: Date;
  /** why, in a sentence or some */
  readonly reason: string;
  /** every rule in the order of judgement; of a worker that nothing applies to only the first */
  readonly rules: readonly RuleOutcome[];
  readonly inputs: DecisionInputs;
  /** what stands between the worker and an automatic stop, a sentence each; empty when it is due */
  readonly wouldHaveToChange: readonly string[];
  /** the announcement that the worker has */
  readonly plannedStop: { readonly at: Date; readonly reason: string; readonly cause: StopCause } | null;
  readonly policy: IdlePolicy;
}

/** A decision with where the values of its policy come from. */
export interface ExplainedDecision extends IdleDecision {
  /** weakest first */
  readonly policyLayers: readonly PolicyLayer[];
  /** id of the layer that each value of the policy comes from */
  readonly policyOrigins: Readonly<Record<keyof IdlePolicy, string>>;
}
