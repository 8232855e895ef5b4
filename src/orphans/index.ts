export { type Leftover } from './domain/leftover';
export { type ResourceKind } from './domain/orphan';
export { ORPHAN_EVENTS } from './domain/orphan-events';
export { LeftoverSource } from './domain/ports';
/** @public for metrics */
export { CountOrphans } from './application/count-orphans.query';
export { ListOrphans } from './application/list-orphans.query';
export { OrphansSchedules } from './application/orphans.schedules';
export { ORPHAN_DEFINITION } from './persistence/orphan-definition';
export { OrphansModule } from './orphans.module';
