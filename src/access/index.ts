export { AccessModule, type AccessModuleOptions } from './access.module';
export { AccessSchedules } from './application/access.schedules';
