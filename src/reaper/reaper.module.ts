import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AggregateStores, checkedProvider, EventRegistry } from '../event-store';
import { IdleDecisionController } from './api/idle-decision.controller';
import { ReaperControlController } from './api/reaper-control.controller';
import { ReaperController } from './api/reaper.controller';
import { Alarming } from './application/alarming';
import { Announcing } from './application/announcing';
import { ExplainIdleDecisionHandler } from './application/explain-idle-decision.query';
import { FleetSurroundings } from './application/fleet-surroundings';
import { GetReaperControlHandler } from './application/get-reaper-control.query';
import { GetReaperHoldsHandler } from './application/get-reaper-holds.query';
import { GetRunHandler } from './application/get-run.query';
import { LastProbe } from './application/last-probe';
import { ListRunsHandler } from './application/list-runs.query';
import { ObservedSigns } from './application/observed-signs';
import { Pacing } from './application/pacing';
import { PauseReaperHandler } from './application/pause-reaper.command';
import { ReapIdleWorkersHandler } from './application/reap-idle-workers.command';
import { ReaperMetrics } from './application/reaper-metrics';
import { REAPER_OPTIONS, type ReaperOptions } from './application/reaper.options';
import { ReaperSchedules } from './application/reaper.schedules';
import { ResumeReaperHandler } from './application/resume-reaper.command';
import { RunReaperHandler } from './application/run-reaper.command';
import { ScheduledStarts } from './application/scheduled-starts';
import { StopRefusals } from './application/stop-refusals';
import { StopSettlement } from './application/stop-settlement';
import { Stopping } from './application/stopping';
import { TurnEnds } from './application/turn-ends';
import { TurnRuns } from './application/turn-run';
import { VerdictKeeper } from './application/verdict-keeper';
import { WorkerJudge } from './application/worker-judge';
import { WorkerTurn } from './application/worker-turn';
import { REAPER_CONTROL_EVENTS } from './domain/control/control-events';
import { ReaperControls } from './domain/control/ports';
import { ReaperRuns, SignsOfUse } from './domain/ports';
import { StopTrail } from './domain/stop-trail';
import { VerdictBook } from './domain/verdict-book';
import { EventSourcedReaperControls } from './persistence/event-sourced.reaper-controls';
import { REAPER_CONTROL_DEFINITION } from './persistence/reaper-control-definition';
import { REAPER_RUN_MODEL, reaperRunSchema } from './persistence/reaper-run.schema';
import { MemoryReaperRuns } from './persistence/reaper-runs.memory-store';
import { MongoReaperRuns } from './persistence/reaper-runs.mongo-store';
import { StoredStopTrail } from './persistence/stored-stop-trail';
import { MemoryVerdictBook } from './persistence/verdict-book.memory-store';
import { MongoVerdictBook } from './persistence/verdict-book.mongo-store';
import {
  VERDICT_MODEL,
  VERDICT_NOW_MODEL,
  verdictNowSchema,
  verdictSchema,
} from './persistence/verdict.schema';

export interface ReaperModuleOptions extends ReaperOptions {
  readonly persistence: 'memory' | 'mongo';
}

const HANDLERS = [
  ...[ReapIdleWorkersHandler, RunReaperHandler, PauseReaperHandler, ResumeReaperHandler],
  ...[
    ExplainIdleDecisionHandler,
    GetRunHandler,
    ListRunsHandler,
    GetReaperControlHandler,
    GetReaperHoldsHandler,
  ],
];

/** What a turn is made of. */
const TURN = [
  ...[FleetSurroundings, WorkerJudge, Announcing, LastProbe, StopSettlement, Stopping, Alarming],
  ...[StopRefusals, Pacing, ScheduledStarts, VerdictKeeper, WorkerTurn, TurnEnds, TurnRuns, ReaperMetrics],
];

const MODELS = [
  { name: REAPER_RUN_MODEL, schema: reaperRunSchema },
  { name: VERDICT_MODEL, schema: verdictSchema },
  { name: VERDICT_NOW_MODEL, schema: verdictNowSchema },
];

/**
 * Stops workers that nobody uses. The clocks, IdSource, the event store and its leases, MetricsRegistry, PolicySource,
 * StopNotices, TopologyKeeper and SchedulerRegistry are the root's to provide globally; workers and telemetry answer over the buses.
 */
@Module({})
export class ReaperModule implements OnModuleInit {
  constructor(private readonly events: EventRegistry) {}

  static forRoot({ persistence, ...options }: ReaperModuleOptions): DynamicModule {
    const mongo = persistence === 'mongo';
    return {
      module: ReaperModule,
      imports: mongo ? [MongooseModule.forFeature(MODELS)] : [],
      controllers: [ReaperController, ReaperControlController, IdleDecisionController],
      providers: [
        ...[...HANDLERS, ...TURN, ReaperSchedules],
        { provide: REAPER_OPTIONS, useValue: options },
        { provide: SignsOfUse, useClass: ObservedSigns },
        { provide: StopTrail, useClass: StoredStopTrail },
        { provide: ReaperRuns, useClass: mongo ? MongoReaperRuns : MemoryReaperRuns },
        { provide: VerdictBook, useClass: mongo ? MongoVerdictBook : MemoryVerdictBook },
        checkedProvider(
          ReaperControls,
          [AggregateStores],
          (stores) => new EventSourcedReaperControls(stores.open(REAPER_CONTROL_DEFINITION)),
        ),
      ],
      exports: [ReaperSchedules, VerdictBook],
    };
  }

  onModuleInit(): void {
    this.events.register(REAPER_CONTROL_EVENTS);
  }
}
