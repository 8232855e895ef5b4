export { hasEnded, type Operation } from './domain/operation';
export { OperationPostponed } from './domain/operation-errors';
export { CancelOperation } from './application/cancel-operation.command';
export {
  type OperationHandler,
  OperationHandlers,
  type OperationRun,
  type OperationSuccess,
  WAITING_AT_ONCE,
} from './application/operation-handlers';
export { operationId, Operations } from './application/operations';
export { OperationsSchedules } from './application/operations.schedules';
export { OPERATION_EXAMPLE, operationView, type OperationView } from './api/operations.schemas';
export { OperationsModule } from './operations.module';
