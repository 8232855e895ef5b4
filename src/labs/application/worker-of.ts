import { type OperationRun } from '../../operations';

/** The worker that an operation of this module is about. @throws Error where it names none, which would be our fault */
export function workerOf({ operation: { id, workerId } }: Pick<OperationRun, 'operation'>): string {
  if (workerId === null) throw new Error(`the operation ${id} is about no worker`);
  return workerId;
}
