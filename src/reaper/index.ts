export { type IdleDecision } from './domain/decision';
export { type IdlePolicy, idlePolicy } from './domain/idle-policy';
export { type ReaperRun } from './domain/reaper-run';

export { ExplainIdleDecision } from './application/explain-idle-decision.query';
export { ReapIdleWorkers } from './application/reap-idle-workers.command';
export { IDLE_POLICY } from './application/reaper.options';
export { ReaperModule, type ReaperModuleOptions } from './reaper.module';
export { ReaperSchedules } from './application/reaper.schedules';
