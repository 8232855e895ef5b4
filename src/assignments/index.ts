export { AssignmentsModule } from './assignments.module';
export { AssignmentsSchedules } from './application/assignments.schedules';
export { LAB_USER_EVENTS } from './domain/lab-user-events';
export { WORKER_REQUEST_EVENTS } from './domain/worker-request-events';
export { WORKER_SEATS_EVENTS } from './domain/worker-seats-events';
export {
  LAB_USER_DEFINITION,
  WORKER_REQUEST_DEFINITION,
  WORKER_SEATS_DEFINITION,
} from './persistence/definitions';
