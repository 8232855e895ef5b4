export { idlePolicy } from './domain/idle-policy';

export { ReaperModule } from './reaper.module';
export { ReaperSchedules } from './application/reaper.schedules';
