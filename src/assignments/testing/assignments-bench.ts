import {
  AggregateDirectory,
  AggregateStores,
  EventRegistry,
  type EventStore,
  processStep,
  type SubscriptionDefinition,
} from '../../event-store';
import { MemorySnapshotStore } from '../../event-store/memory/memory-snapshot-store';
import { memoryStore } from '../../event-store/testing/memory-store';
import { MINUTE } from '../../kernel/clocks';
import { type CommandContext, systemContext } from '../../kernel/command-context';
import { StoreUnavailable } from '../../kernel/domain-error';
import { SequentialIds } from '../../kernel/ids';
import { type Blow, MortalProcess } from '../../licensing/testing/mortal-process';
import { WORKER_EVENTS, type WorkerState } from '../../workers';
import { NoteUseHandler } from '../../workers/application/note-use.command';
import { StartWorkerHandler } from '../../workers/application/start-worker.command';
import { type WorkerRepository } from '../../workers/domain/ports';
import { WorkerNotFound } from '../../workers/domain/worker-errors';
import { MemoryWorkerReadModel } from '../../workers/persistence/worker.memory-read-model';
import { workersOver } from '../../workers/testing/memory-workers';
import { type WorkerBuilder } from '../../workers/testing/worker.builder';
import { type AssignmentsOptions } from '../application/assignments.options';
import {
  endAssignments,
  freeSeatsOfAssignments,
  freeSeatsOfRequests,
} from '../application/assignments.steps';
import { CancelRequestHandler } from '../application/cancel-request.command';
import { GetRequestHandler } from '../application/list-requests.query';
import { LabUserDirectory } from '../application/lab-user-directory';
import { RequestBell } from '../application/request-bell';
import { RequestProcess } from '../application/request-process';
import { RequestSettlement } from '../application/request-settlement';
import { RequestWorkerHandler } from '../application/request-worker.command';
import { LAB_USER_EVENTS } from '../domain/lab-user-events';
import { type WorkerRequestState } from '../domain/worker-request-state';
import { WORKER_REQUEST_EVENTS } from '../domain/worker-request-events';
import { WORKER_SEATS_EVENTS } from '../domain/worker-seats-events';
import {
  LAB_USER_DEFINITION,
  WORKER_REQUEST_DEFINITION,
  WORKER_SEATS_DEFINITION,
} from '../persistence/definitions';
import { EventSourcedLabUsers } from '../persistence/event-sourced.lab-users';
import { EventSourcedSeatBook } from '../persistence/event-sourced.seat-book';
import { EventSourcedWorkerRequests } from '../persistence/event-sourced.worker-requests';
import { MemoryRequestReadModel } from '../persistence/memory-request-read-model';
import { RequestProjection } from '../persistence/request-projection';
import { NOW } from './assignment.builder';

const EMPTY = { version: 0, at: null, hash: null };
const lost = () => new StoreUnavailable('the answer was lost');

export const OPTIONS: AssignmentsOptions = {
  userWorkers: 2,
  requestTags: [{ key: 'pool', value: 'yes' }],
  usersPerWorker: 1,
  maxHours: 72,
};

/** Real workers, users, seats and requests over one store in memory, and as many processes as are opened. */
export class AssignmentsBench {
  private readonly base = memoryStore();
  readonly workers = workersOver(this.base, new MemoryWorkerReadModel());
  readonly clock = this.workers.clock;
  readonly store: EventStore = this.workers.store;
  readonly records = new MemoryRequestReadModel(this.clock);
  /** labs that were seen on a worker, by its id */
  readonly labs = new Map<string, readonly string[]>();
  private readonly ids = new SequentialIds();

  constructor(readonly options: AssignmentsOptions = OPTIONS) {
    this.clock.set(NOW);
  }

  async given(builder: WorkerBuilder): Promise<void> {
    const { id, events } = builder;
    const context = systemContext('test', `given ${id}`);
    await this.store.append({ stream: `worker-${id}`, head: EMPTY, events, context });
    await this.workers.readModel.put(builder.state, events.length);
  }

  /** A process that knows only what is stored, and that a blow may meet; each of its calls waits for `before`. */
  async process(blow: Blow | null = null, before: (() => Promise<void>) | null = null) {
    const mortal = new MortalProcess(blow);
    const gate = <T extends object>(name: string, port: T) => mortal.gate(name, paced(port, before), lost);
    const faults: unknown[] = [];
    const report = (error: unknown) => void faults.push(error);
    const decoder = new EventRegistry();
    decoder.register([
      ...WORKER_EVENTS,
      ...LAB_USER_EVENTS,
      ...WORKER_SEATS_EVENTS,
      ...WORKER_REQUEST_EVENTS,
    ]);
    const { seal } = this.base;
    const stores = new AggregateStores({
      ...{ store: this.store, seal, decoder, snapshots: new MemorySnapshotStore(), report },
      random: () => 0,
      pause: () => Promise.resolve(),
    });
    const known = new AggregateDirectory(LAB_USER_DEFINITION, decoder, report);
    const directory = new LabUserDirectory(known);
    for (const commit of await this.store.loadKind(LAB_USER_DEFINITION.streamPrefix)) known.follow(commit);
    const records = gate('records', this.records);
    const projection = new RequestProjection(records, stores.open(WORKER_REQUEST_DEFINITION));
    const requests = gate(
      'requests',
      new EventSourcedWorkerRequests(
        stores.open(WORKER_REQUEST_DEFINITION, (_commit, _events, request) => projection.put(request)),
      ),
    );
    const users = gate(
      'users',
      new EventSourcedLabUsers(
        stores.open(LAB_USER_DEFINITION, (_commit, _events, user) => directory.put(user)),
      ),
    );
    const seats = gate('seats', new EventSourcedSeatBook(stores.open(WORKER_SEATS_DEFINITION)));
    const { clock, options } = this;
    const workers = gate('workers', this.workers.repository);
    const queries = { execute: (query: object) => this.answer(workers, query) as never };
    const commands = { execute: (command: object) => this.carryOut(workers, command) as never };
    const parts = { requests, records, seats, users, directory, queries, commands, clock, options, report };
    const serving = new RequestProcess({ ...parts, machine: clock });
    const settlement = new RequestSettlement(parts);
    const steps: SubscriptionDefinition[] = [
      projection.subscription,
      processStep(endAssignments(settlement), decoder),
      processStep(freeSeatsOfRequests('workerrequest', { requests, seats, clock }), decoder),
      processStep(freeSeatsOfAssignments('labuser', { seats, clock }), decoder),
    ];
    const showing = new GetRequestHandler(requests, records, queries as never);
    return {
      ...{ mortal, faults, directory, steps, requests, users, seats, stores },
      serve: () => serving.serve(),
      ask: new RequestWorkerHandler(requests, records, users, new RequestBell(), clock, options),
      cancel: new CancelRequestHandler(
        requests,
        users,
        { execute: (query: object) => showing.execute(query as never) } as never,
        clock,
      ),
    };
  }

  /** Does what the log asks for, as the subscriptions do: all of it, from its begin. */
  async follow(): Promise<void> {
    const { steps } = await this.process();
    for (;;) {
      await this.store.sequence();
      const end = await this.store.logEnd();
      for (const entry of await this.store.readLog(0, end)) {
        for (const { kind, handle } of steps) {
          if (entry.commit.stream.startsWith(`${kind}-`)) await handle(entry);
        }
      }
      await this.store.sequence();
      if ((await this.store.logEnd()) === end) return;
    }
  }

  /** Time passes, and workers that are wanted RUNNING become so: after one minute EC2, after two CML. */
  async pass(minutes: number): Promise<void> {
    this.clock.advance(minutes * MINUTE);
    const now = this.clock.now();
    for (const { id } of await this.workers.repository.getActiveWorkers()) {
      await this.workers.repository.update(id, systemContext('test', this.ids.next()), (worker) => {
        const { desired, status, serviceStatus } = worker.state;
        if (desired.state !== 'RUNNING') return;
        if (status === 'STOPPED') return void worker.updateStatus('PENDING', now);
        if (status === 'PENDING') return void worker.updateStatus('RUNNING', now);
        if (serviceStatus !== 'AVAILABLE')
          worker.updateServiceStatus('AVAILABLE', `https://${id}`, now, null);
      });
    }
  }

  async worker(id: string): Promise<WorkerState> {
    const worker = await this.workers.repository.getById(id);
    if (!worker) throw new WorkerNotFound(id);
    return worker.state;
  }

  async request(id: string): Promise<WorkerRequestState> {
    const found = await (await this.process()).requests.find(id);
    if (!found) throw new Error(`there is no request ${id}`);
    return found.state;
  }

  context(actor: string, commandId: string): CommandContext {
    return { actor, reason: 'exercise', correlationId: commandId, causationId: null, commandId };
  }

  private async answer(workers: WorkerRepository, query: object): Promise<unknown> {
    switch (query.constructor.name) {
      case 'GetActiveWorkers':
        return workers.getActiveWorkers();
      case 'GetObservations':
        return new Map([...this.labs].map(([id, labs]) => [id, observationsOf(labs)]));
      default: {
        const { workerId } = query as { workerId: string };
        const worker = await workers.getById(workerId);
        if (!worker) throw new WorkerNotFound(workerId);
        return worker.state;
      }
    }
  }

  private carryOut(workers: WorkerRepository, command: object): Promise<unknown> {
    const handler =
      command.constructor.name === 'StartWorker'
        ? new StartWorkerHandler(workers, this.clock)
        : new NoteUseHandler(workers, this.clock);
    return handler.execute(command as never);
  }
}

function paced<T extends object>(port: T, before: (() => Promise<void>) | null): T {
  if (!before) return port;
  return new Proxy(port, {
    get: (target, member) => {
      const method: unknown = Reflect.get(target, member);
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        await before();
        return Reflect.apply(method, target, given) as unknown;
      };
    },
  });
}

function observationsOf(labs: readonly string[]) {
  return {
    observations: { 'cml-labs': { values: { labs: labs.map((id) => ({ id })) } } },
    signals: new Map(),
  };
}
