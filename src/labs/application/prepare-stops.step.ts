import { type QueryBus } from '@nestjs/cqrs';
import { type ProcessStep } from '../../event-store';
import { operationId, type Operations } from '../../operations';
import {
  CMLWorkerDesiredStateUpdatedDomainEvent,
  GetWorker,
  isDown,
  WORKER_DEFINITION,
  WorkerNotFound,
} from '../../workers';
import { PREPARE_STOP } from './prepare-stop.handler';

export interface PrepareStopsServices {
  readonly operations: Pick<Operations, 'accept'>;
  readonly queries: Pick<QueryBus, 'execute'>;
}

/** A worker that is to be stopped by force, and may run, has its labs stopped by an operation first, unless they are cut. */
export function prepareStops({ operations, queries }: PrepareStopsServices): ProcessStep {
  return {
    ...{ name: 'prepare-stops', kind: WORKER_DEFINITION.streamPrefix, startAfter: 0 },
    on: async (event, context) => {
      if (!(event instanceof CMLWorkerDesiredStateUpdatedDomainEvent)) return;
      const { desired } = event.data;
      if (desired.state !== 'STOPPED' || !desired.stopLabs) return;
      const worker = await queries.execute(new GetWorker(event.aggregateId)).catch(noneIfReleased);
      if (!worker || isDown(worker.status) || worker.awsInstanceId === null) return;
      if (+worker.desired.at !== +desired.at) return;
      const input = { intentAt: desired.at.toISOString() };
      const id = operationId(PREPARE_STOP, context.commandId);
      const order = { kind: PREPARE_STOP, workerId: worker.id, input, id };
      await operations.accept(order, { ...context, actor: desired.by });
    },
  };
}

/** Of a worker that was released nothing is known any more. */
export function noneIfReleased(error: unknown): null {
  if (error instanceof WorkerNotFound) return null;
  throw error;
}
