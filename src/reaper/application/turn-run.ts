import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { type IdleDecision } from '../domain/decision/decision';
import { ReaperRuns } from '../domain/ports';
import { actionFor, countVerdicts, type ReaperRun } from '../domain/reaper-run';
import { type ActOutcome, byDecision, entryOf } from './act-outcome';
import { type Carried } from './worker-turn';

/** What a turn was, before anything was done. */
export interface TurnBegin {
  readonly id: string;
  readonly startedAt: Date;
  readonly dryRun: boolean;
  readonly actor: string;
  readonly decisions: readonly IdleDecision[];
}

/** A run is one document, which has an end in Mongo, and one answer. Those that did something come first. */
const DECISIONS_KEPT = 1_000;

/**
 * Keeps what each turn saw and did. It is stored once the workers are judged and nothing is done yet, with what the turn
 * would do, and again at its end: of one whose process dies in the middle there remains what it meant to do.
 */
@Injectable()
export class TurnRuns {
  constructor(
    private readonly runs: ReaperRuns,
    private readonly clock: FleetClock,
  ) {}

  /** @throws StoreUnavailable */
  async begin(begin: TurnBegin): Promise<void> {
    const meant = begin.decisions.map((decision) => ({ decision, outcome: meantBy(decision) }));
    await this.runs.put(this.runOf(begin, { carried: meant, changed: new Set(), finishedAt: null }));
  }

  /** @throws StoreUnavailable */
  async finish(
    begin: TurnBegin,
    done: {
      readonly carried: readonly Carried[];
      readonly changed: ReadonlySet<string>;
      readonly starts?: ReaperRun['starts'];
      readonly errors?: ReaperRun['errors'];
    },
  ): Promise<ReaperRun> {
    const run = this.runOf(begin, { ...done, finishedAt: this.clock.now() });
    await this.runs.put(run);
    return run;
  }

  /** A dry run is stored once, with all decisions. @throws StoreUnavailable */
  finishDry(begin: TurnBegin): Promise<ReaperRun> {
    const carried = begin.decisions.map((decision) => ({ decision, outcome: meantBy(decision) }));
    return this.finish(begin, { carried, changed: new Set(carried.map((one) => one.decision.workerId)) });
  }

  private runOf(
    { decisions, ...begin }: TurnBegin,
    {
      carried,
      changed,
      finishedAt,
      starts = [],
      errors = [],
    }: Parameters<TurnRuns['finish']>[1] & { finishedAt: Date | null },
  ): ReaperRun {
    const done = carried.filter((one) => 'outcome' in one);
    const telling = [
      ...done.filter(({ outcome }) => SAYS_SOMETHING(outcome.action)),
      ...done.filter(
        ({ decision, outcome }) => !SAYS_SOMETHING(outcome.action) && changed.has(decision.workerId),
      ),
    ];
    // in the order of the turn, whichever are kept
    const kept = new Set<Carried>(telling.slice(0, DECISIONS_KEPT));
    return {
      ...begin,
      finishedAt,
      counts: countVerdicts(decisions),
      decisions: done
        .filter((one) => kept.has(one))
        .map(({ decision, outcome }) => entryOf(decision, outcome)),
      leftOut: telling.length - kept.size,
      starts,
      errors: [...errors, ...carried.flatMap(errorOf)],
    };
  }
}

/** A stop that is held off stays so for long: it is shown when that begins. */
const SAYS_SOMETHING = (action: string) => action !== 'none' && action !== 'held';

function meantBy(decision: IdleDecision): ActOutcome {
  return byDecision(actionFor(decision), decision);
}

function errorOf({ decision: { workerId, workerName }, ...one }: Carried): ReaperRun['errors'] {
  return 'error' in one ? [{ workerId, workerName, message: one.error }] : [];
}
