export { calendarOf } from './application/calendar/calendar-of';
export { PoliciesSchedules } from './application/policies.schedules';
export { POLICY_EVENTS } from './domain/policy-events';
export { POLICY_DEFINITION } from './persistence/policy-definition';
export { PoliciesModule } from './policies.module';
