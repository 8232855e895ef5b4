import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { AssignedGrants, RightsDetails } from '../access';
import {
  AggregateDirectory,
  DirectoryFeed,
  EventRegistry,
  type SubscriptionDefinition,
  SubscriptionHost,
} from '../event-store';
import { AssignmentsController } from './api/assignments.controller';
import { LabUsersController } from './api/lab-users.controller';
import { RequestsController } from './api/requests.controller';
import { ASSIGNMENTS_OPTIONS, type AssignmentsOptions } from './application/assignments.options';
import { AssignmentsSchedules } from './application/assignments.schedules';
import { CancelRequestHandler } from './application/cancel-request.command';
import { EndAssignmentHandler } from './application/end-assignment.command';
import { GetUserHandler } from './application/get-user.query';
import { GrantAssignmentHandler } from './application/grant-assignment.command';
import { GetAssignmentHandler, ListAssignmentsHandler } from './application/list-assignments.query';
import { GetRequestHandler, ListRequestsHandler } from './application/list-requests.query';
import { ListUsersHandler } from './application/list-users.query';
import { RequestWorkerHandler } from './application/request-worker.command';
import { SetQuotaHandler } from './application/set-quota.command';
import { ASSIGNMENT_STEPS, services, storage } from './assignments.providers';
import { type LabUser, type LabUserState } from './domain/lab-user';
import { LAB_USER_EVENTS } from './domain/lab-user-events';
import { WORKER_REQUEST_EVENTS } from './domain/worker-request-events';
import { WORKER_SEATS_EVENTS } from './domain/worker-seats-events';
import { RequestProjection } from './persistence/request-projection';

export interface AssignmentsModuleOptions extends AssignmentsOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
  /** off in tests that run the tick by hand */
  readonly autostart: boolean;
}

const AUTOSTART = Symbol('autostart of assignments');

/**
 * Who may use which worker, and requests for one: binds the AssignedGrants and the RightsDetails of access. The clocks,
 * the event store and the buses are the root's to provide.
 */
@Module({})
export class AssignmentsModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly users: AggregateDirectory<LabUser, LabUserState>,
    private readonly projection: RequestProjection,
    private readonly subscriptions: SubscriptionHost,
    private readonly schedules: AssignmentsSchedules,
    @Inject(ASSIGNMENT_STEPS) private readonly steps: readonly SubscriptionDefinition[],
    @Inject(AUTOSTART) private readonly autostart: boolean,
  ) {}

  static forRoot({ persistence, autostart, ...options }: AssignmentsModuleOptions): DynamicModule {
    return {
      module: AssignmentsModule,
      global: true,
      controllers: [AssignmentsController, LabUsersController, RequestsController],
      providers: [
        ...[GrantAssignmentHandler, EndAssignmentHandler, GetAssignmentHandler, ListAssignmentsHandler],
        ...[SetQuotaHandler, GetUserHandler, ListUsersHandler],
        ...[RequestWorkerHandler, CancelRequestHandler, GetRequestHandler, ListRequestsHandler],
        ...storage(persistence),
        ...services(options),
        { provide: ASSIGNMENTS_OPTIONS, useValue: options },
        { provide: AUTOSTART, useValue: autostart },
      ],
      exports: [AssignedGrants, RightsDetails, AssignmentsSchedules],
    };
  }

  onModuleInit(): void {
    this.registry.register([...LAB_USER_EVENTS, ...WORKER_SEATS_EVENTS, ...WORKER_REQUEST_EVENTS]);
  }

  /** Requests of users are served only when it is known what is assigned to them. */
  async onApplicationBootstrap(): Promise<void> {
    await this.feed.fill(this.users);
    await this.subscriptions.readAhead(this.projection.subscription);
    await this.subscriptions.add(this.projection.subscription);
    for (const step of this.steps) await this.subscriptions.add(step);
    if (this.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }
}
