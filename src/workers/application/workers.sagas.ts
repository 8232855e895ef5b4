import { Injectable } from '@nestjs/common';
import { type ICommand, ofType, Saga } from '@nestjs/cqrs';
import { map, type Observable } from 'rxjs';
import {
  CMLWorkerCreatedDomainEvent,
  CMLWorkerDesiredStateUpdatedDomainEvent,
  CMLWorkerDetailsUpdatedDomainEvent,
  CMLWorkerImageUpdatedDomainEvent,
  CMLWorkerStopPreparedDomainEvent,
  CMLWorkerTerminationPreparedDomainEvent,
} from '../domain/worker-events';
import { ReconcileWorker } from './reconcile-worker.command';

/** Accelerators only: the reconcile tick reaches the same commands without them. */
@Injectable()
export class WorkersSagas {
  @Saga()
  reconcileAtOnceWhenThereIsMoreToDo = (events$: Observable<object>): Observable<ICommand> =>
    events$.pipe(
      ofType(
        CMLWorkerCreatedDomainEvent,
        CMLWorkerDesiredStateUpdatedDomainEvent,
        CMLWorkerDetailsUpdatedDomainEvent,
        CMLWorkerImageUpdatedDomainEvent,
        CMLWorkerStopPreparedDomainEvent,
        CMLWorkerTerminationPreparedDomainEvent,
      ),
      map(({ aggregateId, record }) => new ReconcileWorker(aggregateId, record?.correlationId ?? null)),
    );
}
