import { DomainError } from '../../kernel/domain-error';
import { type IdleDecision } from '../domain/decision/decision';
import { type ReaperAction, type RunDecision } from '../domain/reaper-run';
import { type RuleName } from '../domain/trace/rule';

/** What was done about a decision, and why. */
export interface ActOutcome {
  readonly action: ReaperAction;
  readonly reason: string;
  /** what held the stop off when it was to be carried out */
  readonly restraints?: readonly RuleName[];
  readonly notice?: RunDecision['notice'];
  /** of a stop that was refused: what is to be remembered of it, so that it is not tried again at once */
  readonly refusal?: { readonly inUse: boolean };
}

/** For the decision's own reason, which is put into words when somebody asks for it. */
export function byDecision(action: ReaperAction, decision: IdleDecision): ActOutcome {
  return {
    action,
    get reason() {
      return decision.reason;
    },
  };
}

/** What a run shows of it. */
export function entryOf(decision: IdleDecision, outcome: ActOutcome): RunDecision {
  const { workerId, workerName, decisionId, verdict, cause, dryRun } = decision;
  const { restraints = decision.restraints, notice = null, refusal: _refusal, ...done } = outcome;
  return { workerId, workerName, decisionId, verdict, cause, restraints, notice, trial: dryRun, ...done };
}

/** What a worker has against its stop lasts, but for what somebody has changed a moment ago. */
export function refusedBy({ kind, message: reason }: DomainError): ActOutcome {
  const outcome = { action: 'stop-refused', reason } as const;
  return kind === 'precondition-failed' ? outcome : { ...outcome, refusal: { inUse: false } };
}

/** The worker itself, or somebody who was faster, is against it. */
export function isRefusal(error: unknown): error is DomainError {
  return error instanceof DomainError && (error.kind === 'conflict' || error.kind === 'precondition-failed');
}
