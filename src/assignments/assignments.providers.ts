import { Logger, type Provider } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection } from 'mongoose';
import { AssignedGrants, RightsDetails } from '../access';
import {
  AggregateDirectory,
  AggregateStores,
  checkedProvider,
  EventDecoder,
  LeasedTicks,
  processStep,
  type SubscriptionDefinition,
} from '../event-store';
import { FleetClock, MachineClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { type AssignmentsOptions } from './application/assignments.options';
import { AssignmentsSchedules } from './application/assignments.schedules';
import { endAssignments, freeSeatsOfAssignments, freeSeatsOfRequests } from './application/assignments.steps';
import { LabUserDirectory } from './application/lab-user-directory';
import { RequestBell } from './application/request-bell';
import { RequestProcess } from './application/request-process';
import { RequestSettlement } from './application/request-settlement';
import { StoredAssignedGrants } from './application/stored-assigned-grants';
import { StoredRightsDetails } from './application/stored-rights-details';
import { type LabUser, type LabUserState } from './domain/lab-user';
import { LabUsers, RequestReadModel, SeatBook, WorkerRequests } from './domain/ports';
import {
  LAB_USER_DEFINITION,
  WORKER_REQUEST_DEFINITION,
  WORKER_SEATS_DEFINITION,
} from './persistence/definitions';
import { EventSourcedLabUsers } from './persistence/event-sourced.lab-users';
import { EventSourcedSeatBook } from './persistence/event-sourced.seat-book';
import { EventSourcedWorkerRequests } from './persistence/event-sourced.worker-requests';
import { MemoryRequestReadModel } from './persistence/memory-request-read-model';
import { MongoRequestReadModel } from './persistence/mongo-request-read-model';
import { RequestProjection } from './persistence/request-projection';

/** What is done about events, durably. */
export const ASSIGNMENT_STEPS = Symbol('steps of assignments');

const logger = new Logger('Assignments');

/** A database that is away comes back; anything else needs a person. */
function report(err: unknown, during: string): void {
  logger[err instanceof StoreUnavailable ? 'warn' : 'error']({ err }, `failed to ${during}`);
}

/** Users, seats and requests by their streams, and the list of requests. */
export function storage(persistence: 'memory' | 'mongo'): Provider[] {
  return [
    checkedProvider(
      AggregateDirectory<LabUser, LabUserState>,
      [EventDecoder],
      (decoder) => new AggregateDirectory(LAB_USER_DEFINITION, decoder, report),
    ),
    checkedProvider(
      LabUserDirectory,
      [AggregateDirectory<LabUser, LabUserState>],
      (users) => new LabUserDirectory(users),
    ),
    checkedProvider(
      LabUsers,
      [AggregateStores, LabUserDirectory],
      (stores, directory) =>
        new EventSourcedLabUsers(
          stores.open(LAB_USER_DEFINITION, (_commit, _events, user) => directory.put(user)),
        ),
    ),
    checkedProvider(
      SeatBook,
      [AggregateStores],
      (stores) => new EventSourcedSeatBook(stores.open(WORKER_SEATS_DEFINITION)),
    ),
    readModel(persistence),
    checkedProvider(
      RequestProjection,
      [RequestReadModel, AggregateStores],
      (model, stores) => new RequestProjection(model, stores.open(WORKER_REQUEST_DEFINITION)),
    ),
    checkedProvider(
      WorkerRequests,
      [AggregateStores, RequestProjection],
      (stores, projection) =>
        new EventSourcedWorkerRequests(
          stores.open(WORKER_REQUEST_DEFINITION, (_commit, _events, request) => projection.put(request)),
        ),
    ),
  ];
}

function readModel(persistence: 'memory' | 'mongo'): Provider {
  if (persistence === 'memory') {
    return checkedProvider(RequestReadModel, [MachineClock], (clock) => new MemoryRequestReadModel(clock));
  }
  return {
    provide: RequestReadModel,
    inject: [getConnectionToken(), MachineClock],
    useFactory: (connection: Connection, clock: MachineClock) =>
      MongoRequestReadModel.open(connection, clock),
  };
}

/** What assignments give to access, and what serves requests. */
export function services(options: AssignmentsOptions): Provider[] {
  return [
    { provide: RequestBell, useFactory: () => new RequestBell() },
    checkedProvider(
      AssignedGrants,
      [LabUserDirectory, FleetClock],
      (directory, clock) => new StoredAssignedGrants(directory, clock),
    ),
    checkedProvider(
      RightsDetails,
      [LabUsers, FleetClock],
      (users, clock) => new StoredRightsDetails(users, clock, options),
    ),
    checkedProvider(
      RequestProcess,
      [
        ...[WorkerRequests, RequestReadModel, SeatBook, LabUsers, LabUserDirectory],
        ...[CommandBus, QueryBus, FleetClock, MachineClock],
      ] as const,
      (requests, records, seats, users, directory, commands, queries, clock, machine) =>
        new RequestProcess({
          ...{ requests, records, seats, users, directory, commands, queries, clock, machine },
          ...{ options, report },
        }),
    ),
    checkedProvider(
      AssignmentsSchedules,
      [RequestProcess, LeasedTicks, FleetClock, RequestBell],
      (process, ticks, clock, bell) => new AssignmentsSchedules(process, ticks, clock, bell),
    ),
    checkedProvider(
      RequestSettlement,
      [LabUsers, WorkerRequests, LabUserDirectory, QueryBus, FleetClock],
      (users, requests, directory, queries, clock) =>
        new RequestSettlement({ users, requests, directory, queries, clock, report }),
    ),
    {
      provide: ASSIGNMENT_STEPS,
      inject: [RequestSettlement, WorkerRequests, SeatBook, FleetClock, EventDecoder],
      useFactory: (
        settlement: RequestSettlement,
        requests: WorkerRequests,
        seats: SeatBook,
        clock: FleetClock,
        decoder: EventDecoder,
      ): readonly SubscriptionDefinition[] =>
        [
          endAssignments(settlement),
          freeSeatsOfRequests(WORKER_REQUEST_DEFINITION.streamPrefix, { requests, seats, clock }),
          freeSeatsOfAssignments(LAB_USER_DEFINITION.streamPrefix, { seats, clock }),
        ].map((step) => processStep(step, decoder)),
    },
  ];
}
