import { Injectable } from '@nestjs/common';
import { type ICommand, ofType, Saga } from '@nestjs/cqrs';
import { filter, map, type Observable } from 'rxjs';
import { systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { CMLWorkerStatusUpdatedDomainEvent } from '../../workers';
import { ObserveWorker } from './observe-worker.command';

/** Accelerators only: the observe tick reaches the same workers without them. */
@Injectable()
export class TelemetrySagas {
  @Saga()
  observeAtOnceWhenRunning = (events$: Observable<object>): Observable<ICommand> =>
    events$.pipe(
      ofType(CMLWorkerStatusUpdatedDomainEvent),
      filter(({ data }) => data.newStatus === 'RUNNING'),
      map(({ aggregateId, data, record }) => {
        const commandId = derivedId('observe', aggregateId, record?.id ?? data.updatedAt.toISOString());
        const origin = { correlationId: record?.correlationId ?? commandId, causationId: record?.id ?? null };
        return new ObserveWorker(aggregateId, systemContext('telemetry', commandId, origin));
      }),
    );
}
