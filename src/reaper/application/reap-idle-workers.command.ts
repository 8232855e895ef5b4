import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { type Turn as LeasedTurn } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { DomainError } from '../../kernel/domain-error';
import { IdSource } from '../../kernel/ids';
import { GetActiveWorkers, type WorkerState } from '../../workers';
import { type IdleDecision } from '../domain/decision';
import { ReaperRuns } from '../domain/ports';
import { actionFor, countVerdicts, type ReaperRun } from '../domain/reaper-run';
import { type ActOutcome, ConfirmedStop } from './confirmed-stop';
import { ReaperActs } from './reaper-acts';
import { VerdictMemory } from './verdict-memory';
import { NO_SURROUNDINGS, WorkerJudge } from './worker-judge';

/** A probe of a CML server that does not answer takes seconds, and must not hold up the others. */
const AT_ONCE = 8;

/** What came of one worker's decision; `telling` when the run should show it. */
type WorkerTurn =
  | { readonly decision: IdleDecision; readonly outcome: ActOutcome; readonly telling: boolean }
  | { readonly decision: IdleDecision; readonly error: string };

/**
 * Judges every RUNNING worker, and does what the decisions ask for: announces stops, calls them off, stops, and alarms
 * where nobody can tell. A dry run only judges, and is the only one that needs no lease. Workers that a turn did not
 * come to before it lost its lease are left to the next one.
 */
export class ReapIdleWorkers extends Command<ReaperRun> {
  constructor(
    /** null: a dry run */
    readonly turn: LeasedTurn | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReapIdleWorkers)
export class ReapIdleWorkersHandler implements ICommandHandler<ReapIdleWorkers> {
  private readonly logger = new Logger(ReapIdleWorkersHandler.name);

  constructor(
    private readonly queries: QueryBus,
    private readonly judge: WorkerJudge,
    private readonly acts: ReaperActs,
    private readonly confirmedStop: ConfirmedStop,
    private readonly memory: VerdictMemory,
    private readonly runs: ReaperRuns,
    private readonly ids: IdSource,
    private readonly clock: FleetClock,
  ) {}

  async execute({ turn, context }: ReapIdleWorkers): Promise<ReaperRun> {
    const id = this.ids.next();
    const startedAt = this.clock.now();
    const active = await this.queries.execute(new GetActiveWorkers());
    const running = active.filter(({ status }) => status === 'RUNNING');
    const decisions = await this.judge.judge(running, NO_SURROUNDINGS);
    const turns = turn ? await this.act(turn, running, decisions, context) : decisions.map(shown);
    const run: ReaperRun = {
      id,
      startedAt,
      finishedAt: this.clock.now(),
      dryRun: turn === null,
      actor: context.actor,
      counts: countVerdicts(decisions),
      decisions: turns.flatMap((one) => ('outcome' in one && one.telling ? [entryOf(one)] : [])),
      errors: turns.flatMap(({ decision: { workerId, workerName }, ...one }) =>
        'error' in one ? [{ workerId, workerName, message: one.error }] : [],
      ),
    };
    await this.runs.add(run);
    return run;
  }

  private async act(
    turn: LeasedTurn,
    workers: readonly WorkerState[],
    decisions: readonly IdleDecision[],
    { correlationId }: CommandContext,
  ): Promise<WorkerTurn[]> {
    this.memory.keepOnly(new Set(workers.map(({ id }) => id)));
    const limit = pLimit(AT_ONCE);
    const turns = workers.map((worker, index) => {
      const decision = decisions[index];
      return limit(async () =>
        decision && turn.stillHeld() ? [await this.turnOf(turn, worker, decision, correlationId)] : [],
      );
    });
    return (await Promise.all(turns)).flat();
  }

  /** Never rejects: one worker's trouble does not keep the others from their turn. */
  private async turnOf(
    turn: LeasedTurn,
    worker: WorkerState,
    decision: IdleDecision,
    correlationId: string,
  ): Promise<WorkerTurn> {
    const { changed, alarmAfterMs } = this.memory.note(worker, decision);
    try {
      const outcome = await this.carryOut(turn, decision, alarmAfterMs, correlationId);
      return { decision, outcome, telling: changed || outcome.action !== 'none' };
    } catch (error) {
      const { workerId, decisionId } = decision;
      this.logger.error({ err: error, workerId, decisionId }, 'the reaper failed for a worker; it is kept');
      return { decision, error: error instanceof DomainError ? error.message : FAILED };
    }
  }

  private async carryOut(
    turn: LeasedTurn,
    decision: IdleDecision,
    alarmAfterMs: number | null,
    correlationId: string,
  ): Promise<ActOutcome> {
    const { reason } = decision;
    const action = actionFor(decision);
    switch (action) {
      case 'announce':
        return { action, reason: await this.acts.announce(decision, correlationId) };
      case 'call-off':
        return { action, reason: await this.acts.callOff(decision, reason, correlationId) };
      case 'stop':
        return this.confirmedStop.carryOut(turn, decision, correlationId);
      case 'none':
        if (alarmAfterMs === null) return { action, reason };
        return this.alarm(decision, alarmAfterMs);
    }
  }

  private alarm(decision: IdleDecision, unknownForMs: number): ActOutcome {
    const reason = this.acts.alarm(decision, unknownForMs);
    this.memory.alarmGiven(decision.workerId);
    return { action: 'alarm', reason };
  }
}

const FAILED = 'It failed for a reason of its own; the log has more under the decision id.';

function shown(decision: IdleDecision): WorkerTurn {
  return { decision, outcome: { action: actionFor(decision), reason: decision.reason }, telling: true };
}

function entryOf({
  decision,
  outcome,
}: Extract<WorkerTurn, { outcome: ActOutcome }>): ReaperRun['decisions'][number] {
  const { workerId, workerName, decisionId, verdict } = decision;
  return { workerId, workerName, decisionId, verdict, ...outcome };
}
