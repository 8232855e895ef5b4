import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type FleetClock, type MachineClock } from '../../kernel/clocks';
import { type IdSource } from '../../kernel/ids';
import { type TopologyKeeper } from '../../labs';
import { MetricsRegistry } from '../../metrics';
import { type StopNotices } from '../../notifications';
import { Alarming } from '../application/alarming';
import { Announcing } from '../application/announcing';
import { FleetSurroundings } from '../application/fleet-surroundings';
import { LastProbe } from '../application/last-probe';
import { Pacing } from '../application/pacing';
import { ReapIdleWorkersHandler } from '../application/reap-idle-workers.command';
import { ReaperMetrics } from '../application/reaper-metrics';
import { ScheduledStarts } from '../application/scheduled-starts';
import { StopRefusals } from '../application/stop-refusals';
import { StopSettlement } from '../application/stop-settlement';
import { Stopping } from '../application/stopping';
import { TurnEnds } from '../application/turn-ends';
import { TurnRuns } from '../application/turn-run';
import { VerdictKeeper } from '../application/verdict-keeper';
import { WorkerJudge } from '../application/worker-judge';
import { WorkerTurn } from '../application/worker-turn';
import { type ReaperControls } from '../domain/control/ports';
import { type PolicySource, type ReaperRuns, type SignsOfUse } from '../domain/ports';
import { type StopTrail } from '../domain/stop-trail';
import { type VerdictBook } from '../domain/verdict-book';

/** What a reaper is made of. Everything that lasts is behind the ports. */
export interface ReaperParts {
  readonly queries: Pick<QueryBus, 'execute'>;
  readonly commands: Pick<CommandBus, 'execute'>;
  readonly signs: SignsOfUse;
  readonly controls: ReaperControls;
  readonly notices: StopNotices;
  readonly book: VerdictBook;
  readonly runs: ReaperRuns;
  readonly trail: StopTrail;
  readonly policies: PolicySource;
  readonly topologies: TopologyKeeper;
  readonly ids: IdSource;
  readonly clock: FleetClock;
  readonly machine: MachineClock;
  readonly cron?: string;
  readonly registry?: MetricsRegistry;
  /** fleet seconds between two observations of a worker */
  readonly observeSeconds?: number;
  /** for whoever wants to hear what it says */
  readonly judge?: WorkerJudge;
}

/** The reaper of one process over these parts; another process' shares the ports, and nothing else. */
export function reaperOver(parts: ReaperParts): ReapIdleWorkersHandler {
  const { signs, controls, notices, book, runs, trail, policies, topologies } = parts;
  const { ids, clock, machine, cron = '* * * * *', registry = new MetricsRegistry() } = parts;
  const { observeSeconds = 60 } = parts;
  const [queries, commands] = [parts.queries as QueryBus, parts.commands as CommandBus];
  const options = { cron, observeSeconds };
  const judge = parts.judge ?? new WorkerJudge(signs, ids, clock, policies);
  const surroundings = new FleetSurroundings(controls, notices, policies, clock);
  const announcing = new Announcing(commands, notices);
  const settlement = new StopSettlement(queries, controls, trail, notices, policies, clock);
  const lastProbe = new LastProbe(signs, announcing, topologies, machine);
  const refusals = new StopRefusals(controls, clock);
  const stopping = new Stopping(
    ...([
      queries,
      commands,
      judge,
      surroundings,
      controls,
      settlement,
      lastProbe,
      refusals,
      clock,
      machine,
    ] as const),
  );
  const pacing = new Pacing(runs, controls, policies, clock, machine, options);
  const alarming = new Alarming(notices, book, options);
  const starts = new ScheduledStarts(commands, policies);
  const workerTurn = new WorkerTurn(announcing, stopping, alarming, pacing, refusals, starts);
  const ends = new TurnEnds(pacing, settlement, controls, alarming, notices);
  return new ReapIdleWorkersHandler(
    ...([queries, surroundings, judge, ends, new VerdictKeeper(book, policies), workerTurn] as const),
    ...([starts, runs, new TurnRuns(runs, clock)] as const),
    ...([new ReaperMetrics(registry, clock), ids, clock] as const),
  );
}
