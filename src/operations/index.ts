export { type Operation } from './domain/operation';
export {
  type OperationHandler,
  OperationHandlers,
  type OperationRun,
  type OperationSuccess,
} from './application/operation-handlers';
export { Operations } from './application/operations';
export { OperationsSchedules } from './application/operations.schedules';
export { OPERATION_EXAMPLE, operationView, type OperationView } from './api/operations.schemas';
export { OperationsModule } from './operations.module';
