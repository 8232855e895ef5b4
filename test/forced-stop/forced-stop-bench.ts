import { type ICommand, type IQuery, type QueryBus } from '@nestjs/cqrs';
import { memoryStore } from '../../src/event-store/testing/memory-store';
import { type ManualClock, SECOND } from '../../src/kernel/clocks';
import { StoreUnavailable } from '../../src/kernel/domain-error';
import { CmlTopologyKeeper } from '../../src/labs/application/cml-topology-keeper';
import { type LabClient } from '../../src/labs/application/lab-client';
import { LabServers } from '../../src/labs/application/lab-servers';
import { PacedLabShutdown } from '../../src/labs/application/paced-lab-shutdown';
import { PrepareStopHandler } from '../../src/labs/application/prepare-stop.handler';
import { MemoryLabHistory } from '../../src/labs/persistence/memory-lab-history';
import { MemoryTopologies } from '../../src/labs/persistence/memory-topologies';
import { aLab, FakeLabs } from '../../src/labs/testing/fake-labs';
import { MortalProcess } from '../../src/licensing/testing/mortal-process';
import { PassingTimers } from '../../src/licensing/testing/passing-timers';
import { CancelOperation, type Operation, type OperationRun } from '../../src/operations';
import { OperationInterrupted } from '../../src/operations/domain/operation-errors';
import { ACCEPTED_AT, anOperation } from '../../src/operations/testing/operation.builder';
import { CmlError, CmlServers } from '../../src/telemetry';
import { OPTIONS } from '../../src/telemetry/testing/telemetry-bench';
import { GetWorker, RecordStopPrepared, WorkerNotFound, type WorkerState } from '../../src/workers';
import { RecordStopPreparedHandler } from '../../src/workers/application/record-stop-prepared.command';
import { CmlWorker } from '../../src/workers/domain/cml-worker';
import { nextAction } from '../../src/workers/domain/next-action';
import { MemoryWorkerReadModel } from '../../src/workers/persistence/worker.memory-read-model';
import { commandsOf, workersOver } from '../../src/workers/testing/memory-workers';

export const WORKER = '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11';

const noAnswer = () => new StoreUnavailable('no answer');
const cutOff = () => new CmlError('timeout', 'no answer within 30 s');

/** One worker with a CML server on which three labs run, and all that is stored: what outlives processes. */
export class ForcedStopBench {
  readonly clock: ManualClock;
  readonly timers: PassingTimers;
  readonly client = new FakeLabs();
  readonly topologies = new MemoryTopologies();
  readonly workers: ReturnType<typeof workersOver>;
  operation: Operation;
  /** called before each call of a process to the outside */
  beforeCall: (call: number) => Promise<void> = () => Promise.resolve();
  private readonly command = commandsOf();

  constructor() {
    const { clock, store, seal } = memoryStore();
    this.clock = clock;
    clock.set(ACCEPTED_AT);
    this.timers = new PassingTimers(clock);
    this.workers = workersOver({ store, seal, clock }, new MemoryWorkerReadModel());
    this.operation = accepted(clock.now());
  }

  /** The worker runs with its labs, and is to be stopped by force from now on. */
  async begin(serviceStatus: 'AVAILABLE' | 'STARTING' = 'AVAILABLE'): Promise<this> {
    const now = this.clock.now();
    const desired = { state: 'RUNNING' as const, by: 'user:ann', reason: null, at: now };
    const worker = CmlWorker.import(WORKER, {
      ...{ name: 'w', awsRegion: 'eu-west-1', awsInstanceId: 'i-1', instanceType: 'c5.metal', amiId: null },
      ...{ status: 'RUNNING', tags: {}, market: null, importedAt: now, importedBy: 'user:ann' },
      ...{ awsAccountId: null, publicIp: '203.0.113.10', privateIp: '10.0.0.10' },
      desired: { ...desired, decisionId: null, sendBefore: null },
    });
    worker.updateServiceStatus(serviceStatus, 'https://203.0.113.10', now);
    await this.workers.repository.add(worker, this.command());
    await this.change((it) => it.requestStop({ by: 'user:ann', reason: 'over', at: now, force: true }));
    for (const id of ['a', 'b', 'c']) {
      this.client.put(aLab(id, { state: 'STARTED' }));
      this.client.topologies.set(id, `lab ${id}`);
    }
    return this;
  }

  async change(what: (worker: CmlWorker) => unknown): Promise<void> {
    await this.workers.repository.update(WORKER, this.command(), (worker) => void what(worker));
  }

  /** Somebody wants it RUNNING after all. */
  start(): Promise<void> {
    return this.change((it) => it.requestStart({ by: 'user:bob', reason: null, at: this.clock.now() }));
  }

  async worker(): Promise<WorkerState> {
    const found = await this.workers.repository.getById(WORKER);
    if (!found) throw new WorkerNotFound(WORKER);
    return found.state;
  }

  /** What the reconciler would do now. */
  async next(): Promise<string> {
    const now = this.clock.now();
    return nextAction(await this.worker(), { now, machineNow: now });
  }

  states(): string[] {
    return [...this.client.labs.values()].map(({ state }) => state);
  }

  /** The handler as one process has it, which knows what is stored and nothing else. */
  process(mortal = new MortalProcess(null)): { handler: PrepareStopHandler; run: OperationRun } {
    const gated = <T extends object>(name: string, port: T, lost: () => Error): T =>
      mortal.gate(name, this.told(port, mortal), lost);
    const queries = gated('queries', this.queries, noAnswer);
    const client = gated<LabClient>('client', this.client, cutOff);
    const servers = new LabServers(new CmlServers(OPTIONS), queries as QueryBus);
    const { clock, timers } = this;
    return {
      handler: new PrepareStopHandler(
        { clock, timers, queries, commands: gated('commands', this.commands, noAnswer) },
        new PacedLabShutdown(servers, new MemoryLabHistory(), { client, clock, timers }),
        new CmlTopologyKeeper(servers, client, gated('topologies', this.topologies, noAnswer), clock),
      ),
      run: {
        operation: this.operation,
        signal: new AbortController().signal,
        report: ({ progress, message, result = this.operation.result }) =>
          mortal.call('operation.report', noAnswer, async () => {
            await this.beforeCall(mortal.calls);
            this.operation = { ...this.operation, progress, message, result };
            if (this.operation.cancelledBy !== null) throw new OperationInterrupted('cancelled');
          }),
      },
    };
  }

  /** Tells of each call before it is done. */
  private told<T extends object>(port: T, mortal: MortalProcess): T {
    return new Proxy(port, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          await this.beforeCall(mortal.calls);
          return Reflect.apply(method, target, given) as unknown;
        };
      },
    });
  }

  private readonly commands = {
    execute: (command: ICommand) => {
      if (command instanceof RecordStopPrepared)
        return new RecordStopPreparedHandler(this.workers.repository).execute(command);
      if (!(command instanceof CancelOperation)) throw new Error(`nobody does ${command.constructor.name}`);
      this.operation = { ...this.operation, cancelledBy: command.context.actor };
      return Promise.resolve();
    },
  };

  private readonly queries = {
    execute: async (query: IQuery) => {
      if (!(query instanceof GetWorker)) throw new Error(`nobody answers ${query.constructor.name}`);
      return this.worker();
    },
  } as Pick<QueryBus, 'execute'>;
}

function accepted(intentAt: Date): Operation {
  const own = { kind: 'prepare-stop', workerId: WORKER, input: { intentAt: intentAt.toISOString() } };
  const begun = { state: 'running' as const, progress: 0, message: null, result: null, startedAt: null };
  return { ...anOperation(own), ...begun, finishedAt: null, cancelledBy: null, error: null };
}

/** Time between two tries of the runner. */
export const AGAIN_MS = 30 * SECOND;
