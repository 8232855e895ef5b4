import { type IdleDecision, type Judgement } from './decision';
import { type DecisionInputs, inputsOf } from '../signals/decision-inputs';
import { type IdleDecisionInput } from '../signals/idle-input';
import { type IdleTrace, traceOf } from '../trace/idle-trace';
import { judge } from '../judgement/judgement';
import { type RuleOutcome } from '../trace/rule';

/**
 * Judges one worker, and tells why. Pure: the same input gives the same decision, in the reaper's turn, in an explanation,
 * and in a replay of the past. Its verdict is `stop` only when every required signal is known to be idle, by fresh
 * readings, for the whole window, or when the maximum uptime is over of a worker that was not last seen with running labs;
 * and when people were told, and nothing holds stops off.
 *
 * Words cost many times what the judgement does, and most decisions of a turn are shown to nobody: they are made when first
 * asked for. Whoever copies a decision member by member asks for all of them.
 */
export function decide(input: IdleDecisionInput): IdleDecision {
  const { decisionId, worker, policy, now } = input;
  const judgement = judge(input);
  const words = new Words(input, judgement);
  return {
    ...judgement,
    decisionId,
    workerId: worker.id,
    workerName: worker.name,
    at: now,
    plannedStop: worker.plannedStop,
    policy,
    get reason() {
      return words.trace.reason;
    },
    get rules() {
      return words.rules;
    },
    get wouldHaveToChange() {
      return words.trace.wouldHaveToChange;
    },
    get inputs() {
      return words.inputs;
    },
  };
}

/** What explains a judgement, each made once. */
class Words {
  private madeTrace: IdleTrace | null = null;
  private madeRules: readonly RuleOutcome[] | null = null;
  private madeInputs: DecisionInputs | null = null;

  constructor(
    private readonly input: IdleDecisionInput,
    private readonly judgement: Judgement,
  ) {}

  get trace(): IdleTrace {
    return (this.madeTrace ??= traceOf(this.input, this.judgement));
  }

  get rules(): readonly RuleOutcome[] {
    return (this.madeRules ??= this.trace.rules.map(({ rule, outcome, detail }) => ({
      rule,
      outcome,
      detail,
    })));
  }

  get inputs(): DecisionInputs {
    return (this.madeInputs ??= inputsOf(this.input));
  }
}
