import { type IdleDecision } from './decision';
import { inputsOf } from './decision-inputs';
import { type IdleDecisionInput } from './idle-input';
import { traceOf } from './idle-trace';
import { judge } from './judgement';

/**
 * Judges one worker, and tells why. Pure: the same input gives the same decision, in the reaper's turn, in an explanation,
 * and in a replay of the past. Its verdict is `stop` only when every required signal is known to be idle, by fresh
 * readings, for the whole window, or when the maximum uptime is over of a worker that was not last seen with running labs;
 * and when people were told, and nothing holds stops off.
 */
export function decide(input: IdleDecisionInput): IdleDecision {
  const { decisionId, worker, policy, now } = input;
  const judgement = judge(input);
  const { rules, reason, wouldHaveToChange } = traceOf(input, judgement);
  return {
    ...judgement,
    decisionId,
    workerId: worker.id,
    workerName: worker.name,
    at: now,
    reason,
    rules: rules.map(({ rule, outcome, detail }) => ({ rule, outcome, detail })),
    inputs: inputsOf(input),
    wouldHaveToChange,
    plannedStop: worker.plannedStop,
    policy,
  };
}
