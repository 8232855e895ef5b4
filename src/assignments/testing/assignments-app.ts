import {
  CqrsModule,
  type ICommandHandler,
  type IQueryHandler,
  CommandHandler,
  QueryHandler,
} from '@nestjs/cqrs';
import { SubscriptionHost } from '../../event-store';
import { type HttpApp, type HttpAppOptions, startHttpApp } from '../../http/testing/http-app';
import {
  GetActiveWorkers,
  GetWorker,
  NoteUse,
  StartWorker,
  WorkerNotFound,
  type WorkerState,
} from '../../workers';
import { aWorker, type WorkerBuilder } from '../../workers/testing/worker.builder';
import { AssignmentsSchedules } from '../application/assignments.schedules';
import { AssignmentsModule, type AssignmentsModuleOptions } from '../assignments.module';

/** Ids of workers in the pool `pool:yes`. */
export const WORKER = '00000000-0000-4000-8000-0000000000a1';
export const OTHER_WORKER = '00000000-0000-4000-8000-0000000000a2';

export const USER = 'api-key:key-of-user';

/** What assignments ask of workers, answered from a list. */
export class KnownWorkers {
  readonly workers = new Map<string, WorkerState>();
  readonly commands: object[] = [];

  put({ state }: WorkerBuilder): void {
    this.workers.set(state.id, state);
  }
}

@QueryHandler(GetWorker)
class FakeGetWorker implements IQueryHandler<GetWorker> {
  constructor(private readonly known: KnownWorkers) {}

  execute({ workerId }: GetWorker): Promise<WorkerState> {
    const worker = this.known.workers.get(workerId);
    return worker ? Promise.resolve(worker) : Promise.reject(new WorkerNotFound(workerId));
  }
}

@QueryHandler(GetActiveWorkers)
class FakeGetActiveWorkers implements IQueryHandler<GetActiveWorkers> {
  constructor(private readonly known: KnownWorkers) {}

  execute(): Promise<WorkerState[]> {
    return Promise.resolve([...this.known.workers.values()].filter(({ status }) => status !== 'TERMINATED'));
  }
}

@CommandHandler(NoteUse)
class FakeNoteUse implements ICommandHandler<NoteUse> {
  constructor(private readonly known: KnownWorkers) {}

  async execute(command: NoteUse): Promise<WorkerState> {
    this.known.commands.push(command);
    return Promise.resolve(this.known.workers.get(command.workerId) as WorkerState);
  }
}

@CommandHandler(StartWorker)
class FakeStartWorker implements ICommandHandler<StartWorker> {
  constructor(private readonly known: KnownWorkers) {}

  async execute(command: StartWorker): Promise<WorkerState> {
    this.known.commands.push(command);
    return Promise.resolve(this.known.workers.get(command.workerId) as WorkerState);
  }
}

export interface AssignmentsApp extends HttpApp {
  readonly known: KnownWorkers;
  /** `as` is a token, `user-token`, or one that is good for a worker only, `operator-token@<worker id>` */
  readonly api: (
    as: string,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => ReturnType<HttpApp['call']>;
  /** one turn of the tick, and what follows from events */
  readonly serve: () => Promise<void>;
}

/** The routes of assignments over a store, with two workers that can be used. */
export async function startAssignmentsApp(
  given: Pick<HttpAppOptions, 'database'> & Partial<AssignmentsModuleOptions> = {},
): Promise<AssignmentsApp> {
  const { database, ...options } = given;
  const known = new KnownWorkers();
  known.put(aWorker({ name: 'lab-a', tags: { pool: 'yes' } }, WORKER).serving());
  known.put(aWorker({ name: 'lab-b', tags: { pool: 'yes' } }, OTHER_WORKER).serving());
  const module = AssignmentsModule.forRoot({
    ...{ persistence: database ? 'mongo' : 'memory', autostart: false, userWorkers: 2 },
    ...{ requestTags: [{ key: 'pool', value: 'yes' }], usersPerWorker: 1, maxHours: 72 },
    ...options,
  });
  const http = await startHttpApp({
    ...(database && { database }),
    imports: [CqrsModule.forRoot(), module],
    providers: [
      { provide: KnownWorkers, useValue: known },
      ...[FakeGetWorker, FakeGetActiveWorkers, FakeNoteUse, FakeStartWorker],
    ],
  });
  return {
    ...{ ...http, known },
    api: (as, method, path, body, headers = {}) =>
      http.call(method, `/api/v1${path}`, { body, headers: { Authorization: `Bearer ${as}`, ...headers } }),
    serve: async () => {
      await http.app.get(AssignmentsSchedules, { strict: false }).serveRequests.run();
      await http.app.get(SubscriptionHost, { strict: false }).runAll();
    },
  };
}
