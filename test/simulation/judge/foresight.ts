import { type IdleDecision } from '../../../src/reaper/domain/decision/decision';
import { actionFor } from '../../../src/reaper/domain/reaper-run';
import { type Surroundings, type WorkerJudge } from '../../../src/reaper/application/worker-judge';
import { type WorkerState } from '../../../src/workers';
import { type Decisions } from './decisions';

/**
 * Tells turns that would do nothing from others, at the cost of their judgements: six of ten that readings give rise to. Where
 * it is not sure, as with budgets and alarms, which have times of their own, the turn is taken. Runs that take every turn
 * show that none is left out wrongly.
 */
export class Foresight {
  constructor(
    private readonly decisions: Decisions,
    private readonly judge: WorkerJudge,
    private readonly states: ReadonlyMap<string, WorkerState>,
  ) {}

  /** Judges the workers as they are now; what it finds counts as decided when it is the same as before. */
  async repeats(judged: readonly WorkerState[], view: Surroundings): Promise<boolean> {
    const workers = [...this.states.values()].filter(
      ({ status }) => status === 'RUNNING' || status === 'UNKNOWN',
    );
    const isSame = workers.length === judged.length && workers.every(({ fence }) => fence === null);
    if (!isSame) return false;
    const found = await this.judge.judge(workers, view);
    if (!found.every((decision) => this.isRepeated(decision, view))) return false;
    for (const decision of found) this.decisions.repeat(decision);
    return true;
  }

  private isRepeated(decision: IdleDecision, { notices }: Surroundings): boolean {
    const { workerId, verdict, cause, plan, plannedStop, longRunning, at } = decision;
    const before = this.decisions.latest.get(workerId);
    if (before?.verdict !== verdict || before.cause !== cause || !isSameTime(before.plan?.at, plan?.at))
      return false;
    if (verdict === 'unknown' || longRunning || actionFor(decision) !== 'none') return false;
    const isToldInVain =
      !plan && !plannedStop && (notices.get(workerId) ?? []).some(({ deadline }) => deadline > at);
    return !isToldInVain;
  }
}

function isSameTime(one: Date | undefined, other: Date | undefined): boolean {
  return one?.getTime() === other?.getTime();
}
