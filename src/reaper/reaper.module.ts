import { type DynamicModule, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { NotificationsModule } from '../notifications';
import { IdleDecisionController } from './api/idle-decision.controller';
import { ReaperController } from './api/reaper.controller';
import { ConfirmedStop } from './application/confirmed-stop';
import { ExplainIdleDecisionHandler } from './application/explain-idle-decision.query';
import { FixedPolicy } from './application/fixed-policy';
import { GetRunHandler } from './application/get-run.query';
import { ListRunsHandler } from './application/list-runs.query';
import { ObservedSigns } from './application/observed-signs';
import { ReapIdleWorkersHandler } from './application/reap-idle-workers.command';
import { ReaperActs } from './application/reaper-acts';
import { IDLE_POLICY, REAPER_OPTIONS, type ReaperOptions } from './application/reaper.options';
import { ReaperSchedules } from './application/reaper.schedules';
import { RunReaperHandler } from './application/run-reaper.command';
import { VerdictMemory } from './application/verdict-memory';
import { WorkerJudge } from './application/worker-judge';
import { type IdlePolicy, idlePolicy } from './domain/idle-policy';
import { PolicySource, ReaperRuns, SignsOfUse } from './domain/ports';
import { REAPER_RUN_MODEL, reaperRunSchema } from './persistence/reaper-run.schema';
import { MemoryReaperRuns } from './persistence/reaper-runs.memory-store';
import { MongoReaperRuns } from './persistence/reaper-runs.mongo-store';

export interface ReaperModuleOptions extends ReaperOptions {
  /** values that are left out, or undefined, have their defaults */
  readonly policy: Partial<IdlePolicy>;
  readonly persistence: 'memory' | 'mongo';
}

/**
 * Stops workers that nobody uses. The clocks, IdSource, the event store's leases and SchedulerRegistry are the root's
 * to provide globally; workers and telemetry answer over the buses.
 */
@Module({})
export class ReaperModule {
  /** @throws InvalidInput for a policy that is not acceptable */
  static forRoot({ policy, persistence, ...options }: ReaperModuleOptions): DynamicModule {
    const mongo = persistence === 'mongo';
    const models = [{ name: REAPER_RUN_MODEL, schema: reaperRunSchema }];
    return {
      module: ReaperModule,
      imports: [NotificationsModule, ...(mongo ? [MongooseModule.forFeature(models)] : [])],
      controllers: [ReaperController, IdleDecisionController],
      providers: [
        ...[
          ReapIdleWorkersHandler,
          RunReaperHandler,
          ExplainIdleDecisionHandler,
          GetRunHandler,
          ListRunsHandler,
        ],
        ...[WorkerJudge, ConfirmedStop, ReaperActs, VerdictMemory, ReaperSchedules],
        { provide: REAPER_OPTIONS, useValue: options },
        {
          provide: IDLE_POLICY,
          useValue: idlePolicy(policy, options.observeSeconds, options.activitySeconds),
        },
        {
          provide: PolicySource,
          useFactory: (own: IdlePolicy) => new FixedPolicy(own),
          inject: [IDLE_POLICY],
        },
        { provide: SignsOfUse, useClass: ObservedSigns },
        { provide: ReaperRuns, useClass: mongo ? MongoReaperRuns : MemoryReaperRuns },
      ],
      exports: [ReaperSchedules, IDLE_POLICY],
    };
  }
}
