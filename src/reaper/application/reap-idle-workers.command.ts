import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { type Turn as LeasedTurn } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { IdSource } from '../../kernel/ids';
import { GetActiveWorkers, type WorkerState } from '../../workers';
import { type ExplainedDecision } from '../domain/decision/decision';
import { ReaperRuns } from '../domain/ports';
import { type ReaperRun } from '../domain/reaper-run';
import { FleetSurroundings, type FleetView } from './fleet-surroundings';
import { ReaperMetrics } from './reaper-metrics';
import { ScheduledStarts } from './scheduled-starts';
import { TurnEnds } from './turn-ends';
import { type TurnBegin, TurnRuns } from './turn-run';
import { VerdictKeeper } from './verdict-keeper';
import { WorkerJudge } from './worker-judge';
import { type Carried, type TurnScene, WorkerTurn } from './worker-turn';

/** A probe of a CML server that does not answer takes seconds, and must not hold up the others. */
const AT_ONCE = 8;

/**
 * Judges every running worker, and does what the decisions ask for: announces stops, calls them off, stops, alarms where
 * nobody can tell, and starts what a calendar starts. A dry run only judges, and is the only one that needs no lease.
 * Workers that a turn did not come to before it lost its lease are left to the next one. Everything that a decision rests
 * on is stored: a turn of another process goes on where this one ends.
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

/** What is read before anything is done. */
interface Gathered {
  readonly active: readonly WorkerState[];
  /** those that are judged, in the order of their decisions */
  readonly judged: readonly WorkerState[];
  readonly decisions: readonly ExplainedDecision[];
  readonly view: FleetView;
}

@CommandHandler(ReapIdleWorkers)
export class ReapIdleWorkersHandler implements ICommandHandler<ReapIdleWorkers> {
  constructor(
    private readonly queries: QueryBus,
    private readonly surroundings: FleetSurroundings,
    private readonly judge: WorkerJudge,
    private readonly ends: TurnEnds,
    private readonly verdicts: VerdictKeeper,
    private readonly workerTurn: WorkerTurn,
    private readonly starts: ScheduledStarts,
    private readonly runs: ReaperRuns,
    private readonly turnRuns: TurnRuns,
    private readonly metrics: ReaperMetrics,
    private readonly ids: IdSource,
    private readonly clock: FleetClock,
  ) {}

  async execute({ turn, context }: ReapIdleWorkers): Promise<ReaperRun> {
    const id = this.ids.next();
    const { actor, correlationId } = context;
    const startedAt = this.clock.now();
    if (!turn) {
      const { decisions } = await this.gather();
      return this.turnRuns.finishDry({ id, startedAt, dryRun: true, actor, decisions });
    }
    return this.metrics.timed(async () => {
      const lastTurn = await this.runs.latestTurn({ finished: true });
      await this.ends.begin(correlationId);
      const gathered = await this.gather();
      const begin = { id, startedAt, dryRun: false, actor, decisions: gathered.decisions };
      return this.act(turn, begin, gathered, lastTurn, correlationId);
    });
  }

  private async gather(): Promise<Gathered> {
    const active = await this.queries.execute(new GetActiveWorkers());
    const view = await this.surroundings.of(active);
    const judged = active.filter(({ status }) => status === 'RUNNING' || status === 'UNKNOWN');
    return { active, judged, view, decisions: await this.judge.judge(judged, view) };
  }

  private async act(
    turn: LeasedTurn,
    begin: TurnBegin,
    { active, judged, decisions, view }: Gathered,
    lastTurn: Date | null,
    correlationId: string,
  ): Promise<ReaperRun> {
    await this.turnRuns.begin(begin);
    const verdicts = await this.verdicts.note(judged, decisions, begin.id, begin.startedAt);
    const span = { lastTurn, now: begin.startedAt };
    const scene = { turn, view, verdicts, correlationId, span };
    const carried = await this.carryOut(judged, decisions, scene);
    const { starts, errors } = turn.stillHeld()
      ? await this.starts.carryOut(active, lastTurn, begin.startedAt, correlationId)
      : NOTHING_STARTED;
    if (turn.stillHeld()) await this.ends.finish(active, view, begin);
    const { changed } = verdicts;
    const run = await this.turnRuns.finish(begin, { carried, changed, starts, errors });
    this.metrics.count(decisions, carried, view);
    return run;
  }

  private async carryOut(
    workers: readonly WorkerState[],
    decisions: readonly ExplainedDecision[],
    scene: TurnScene,
  ): Promise<Carried[]> {
    const limit = pLimit(AT_ONCE);
    const turns = dueLast(workers, decisions).map(({ worker, decision }) =>
      limit(async () =>
        scene.turn.stillHeld() ? [await this.workerTurn.take(worker, decision, scene)] : [],
      ),
    );
    return (await Promise.all(turns)).flat();
  }
}

const NOTHING_STARTED = { starts: [], errors: [] };

/** What takes no time comes first; of stops those that were announced for the earliest time. */
function dueLast(workers: readonly WorkerState[], decisions: readonly ExplainedDecision[]) {
  const pairs = workers.flatMap((worker, index) => {
    const decision = decisions[index];
    return decision ? [{ worker, decision }] : [];
  });
  const dueAt = ({ decision: { verdict, plannedStop } }: (typeof pairs)[number]) =>
    verdict === 'stop' ? (plannedStop?.at.getTime() ?? 0) : -1;
  return pairs.sort((a, b) => dueAt(a) - dueAt(b));
}
