import { type ICommand, type IQuery } from '@nestjs/cqrs';
import {
  AggregateStores,
  EventRegistry,
  processStep,
  type SubscriptionDefinition,
} from '../../src/event-store';
import { MemoryReservations } from '../../src/event-store/memory/memory-reservations';
import { MemorySnapshotStore } from '../../src/event-store/memory/memory-snapshot-store';
import { memoryStore } from '../../src/event-store/testing/memory-store';
import { type ManualClock, plus, SECOND } from '../../src/kernel/clocks';
import { systemContext } from '../../src/kernel/command-context';
import { StoreUnavailable } from '../../src/kernel/domain-error';
import { RandomIds, SequentialIds } from '../../src/kernel/ids';
import { Secret } from '../../src/kernel/secret';
import { type KeptTopologies, type LabShutdown, type TopologyKeeper } from '../../src/labs';
import { type Operation, type OperationHandler, type OperationRun } from '../../src/operations';
import { ACCEPTED_AT, anOperation } from '../../src/operations/testing/operation.builder';
import { memoryVaults } from '../../src/secrets/testing/memory-vaults';
import { CmlError } from '../../src/telemetry';
import {
  GetWorker,
  RecordTerminationPrepared,
  UpdateLicense,
  WorkerNotFound,
  type WorkerState,
} from '../../src/workers';
import { RecordTerminationPreparedHandler } from '../../src/workers/application/record-termination-prepared.command';
import { UpdateLicenseHandler } from '../../src/workers/application/update-license.command';
import { CmlWorker } from '../../src/workers/domain/cml-worker';
import { MemoryWorkerReadModel } from '../../src/workers/persistence/worker.memory-read-model';
import { workersOver } from '../../src/workers/testing/memory-workers';
import { type LicenseServices } from '../../src/licensing/application/license-work';
import { settleLicenses } from '../../src/licensing/application/licensing.steps';
import { PrepareTerminationHandler } from '../../src/licensing/application/prepare-termination.handler';
import { RegisterLicenseHandler } from '../../src/licensing/application/register-license.handler';
import { ReleaseLicenseHandler } from '../../src/licensing/application/release-license.handler';
import { RenewLicenseHandler } from '../../src/licensing/application/renew-license.handler';
import { type WantedLicense } from '../../src/licensing/domain/wanted-license';
import { type Asking, type WorkerLicense } from '../../src/licensing/domain/worker-license';
import { WORKER_LICENSE_EVENTS } from '../../src/licensing/domain/worker-license-events';
import { EventSourcedWorkerLicenses } from '../../src/licensing/persistence/event-sourced.worker-licenses';
import { WORKER_LICENSE_DEFINITION } from '../../src/licensing/persistence/worker-license-definition';
import { FakeCisco } from '../../src/licensing/testing/fake-cisco';
import { FakeLicensing } from '../../src/licensing/testing/fake-licensing';
import { poolsOver, storedPool } from '../../src/licensing/testing/license-pools-bench';
import { MortalProcess } from '../../src/licensing/testing/mortal-process';
import { PassingTimers } from '../../src/licensing/testing/passing-timers';

export const WORKER = '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11';
export const POOL = 'p-1';
export const TOKEN = 'c2VjcmV0LXRva2Vu';

const ARRIVES_AFTER_MS = 40 * SECOND;

const noAnswer = () => new StoreUnavailable('no answer');
const cutOff = () => new CmlError('timeout', 'no answer within 30 s');

/** One worker with its simulated CML server, Cisco, and all that is stored: what outlives processes. */
export class LicenseBench {
  readonly clock: ManualClock;
  readonly cisco = new FakeCisco();
  readonly client: FakeLicensing;
  readonly timers: PassingTimers;
  readonly workers: ReturnType<typeof workersOver>;
  readonly vault = memoryVaults(new RandomIds())('k1');
  /** labs that were stopped, and topologies kept, as calls */
  readonly labCalls: string[] = [];
  labsStop = true;
  /** what comes of keeping topologies, one after the other; then 2 are kept */
  readonly keeps: (KeptTopologies | CmlError)[] = [];
  operation = asAccepted({ createdAt: ACCEPTED_AT });
  private readonly memory = memoryStore();
  private readonly reservations: MemoryReservations;
  private readonly ids = new SequentialIds();

  constructor() {
    const { clock, store, seal } = this.memory;
    this.clock = clock;
    clock.set(ACCEPTED_AT);
    this.client = new FakeLicensing(this.cisco, clock);
    this.timers = new PassingTimers(clock);
    this.reservations = new MemoryReservations(clock);
    this.workers = workersOver({ store, seal, clock }, new MemoryWorkerReadModel());
  }

  /** A worker that runs, whose server answers. */
  async begin(): Promise<this> {
    const now = this.clock.now();
    const addresses = { awsAccountId: null, publicIp: '203.0.113.10', privateIp: '10.0.0.10' };
    const desired = { state: 'RUNNING' as const, by: 'user:ann', reason: null, at: now };
    const worker = CmlWorker.import(WORKER, {
      ...{ name: 'w', awsRegion: 'eu-west-1', awsInstanceId: 'i-1', instanceType: 'c5.metal', amiId: null },
      ...{ status: 'RUNNING', tags: {}, market: null, importedAt: now, importedBy: 'user:ann', ...addresses },
      desired: { ...desired, decisionId: null, sendBefore: null },
    });
    worker.updateServiceStatus('AVAILABLE', 'https://203.0.113.10', now);
    await this.workers.repository.add(worker, this.context());
    await storedPool(this.poolParts(), POOL, { capacity: 1, token: await this.vault.put(new Secret(TOKEN)) });
    return this;
  }

  context() {
    return systemContext('test', this.ids.next());
  }

  async worker(): Promise<WorkerState> {
    const found = await this.workers.repository.getById(WORKER);
    if (!found) throw new Error('the worker is gone');
    return found.state;
  }

  license(): Promise<WorkerLicense> {
    return this.licenses().of(WORKER);
  }

  async seat(): Promise<'taken' | 'stranded' | 'free'> {
    const pool = await this.poolParts().repository.get(POOL);
    return pool.seatOf(WORKER)?.state ?? 'free';
  }

  /** Notes what is asked for, and makes its operation the present one. */
  async ask(note: (license: WorkerLicense, asking: Asking) => void): Promise<void> {
    const { id, createdAt } = this.accept({});
    const asking = { operationId: id, requestedBy: 'user:ann', requestedAt: createdAt };
    await this.licenses().update(WORKER, this.context(), (license) => note(license, asking));
  }

  /** A new operation, which is the present one from now on. */
  accept(input: Operation['input']): Operation {
    this.operation = asAccepted({ id: this.ids.next(), input, createdAt: this.clock.now() });
    return this.operation;
  }

  async wanted(given: Partial<WantedLicense> = {}): Promise<WantedLicense> {
    const none = { poolId: null, tokenRef: null, fingerprint: null, productLicense: null, transport: null };
    const own = { ...none, features: [], reregister: false, ...given };
    if (own.poolId !== null) return own;
    const { ref, fingerprint } = await this.vault.put(new Secret(TOKEN));
    return { ...own, tokenRef: ref, fingerprint };
  }

  /** Handlers and steps as one process has them, which knows what is stored and nothing else. */
  process(mortal: MortalProcess) {
    const services = this.services(mortal);
    const labs = mortal.gate<LabShutdown>('labs', this.labs, cutOff);
    const topologies = mortal.gate<TopologyKeeper>('topologies', this.topologies, cutOff);
    const steps = {
      ...services,
      poolsByName: { named: () => Promise.resolve(null) },
      operations: NO_OPERATIONS,
    };
    return {
      ...{ services, run: this.run(mortal) },
      handlers: {
        register: new RegisterLicenseHandler(services),
        release: new ReleaseLicenseHandler(services, labs),
        renew: new RenewLicenseHandler(services),
        prepare: new PrepareTerminationHandler(services, labs, topologies),
      } satisfies Record<string, OperationHandler>,
      settle: processStep(settleLicenses(steps), this.workers.decoder),
    };
  }

  /** Gives the step all that happened to the worker, as the log does. */
  async deliver({ handle }: SubscriptionDefinition): Promise<void> {
    await this.memory.store.sequence();
    for (const entry of await this.memory.store.readLog(0, 1_000)) {
      if (entry.commit.stream === `worker-${WORKER}`) await handle(entry);
    }
  }

  /** What follows from all that happened to the worker, by a process that nothing befalls. */
  settle(): Promise<void> {
    return this.deliver(this.process(new MortalProcess(null)).settle);
  }

  private services(mortal: MortalProcess): LicenseServices {
    const { clock, timers } = this;
    return {
      ...{ clock, timers, ids: new RandomIds() },
      licenses: mortal.gate('licenses', this.licenses(), noAnswer),
      pools: mortal.gate('pools', this.poolParts().pools, noAnswer),
      client: mortal.gate('client', this.client, cutOff, (work) => this.late(work)),
      vault: mortal.gate('vault', this.vault, noAnswer),
      servers: {
        of: ({ id, status }) => {
          const server = { workerId: id, host: 'w', pinnedCertificate: null, credentials: null };
          return status === 'RUNNING' ? server : null;
        },
      },
      commands: mortal.gate('commands', this.commands, noAnswer),
      queries: mortal.gate('queries', this.queries, noAnswer),
    };
  }

  /** Done when it arrives; nobody is there any more to hear the answer. */
  private late(work: () => unknown): void {
    this.timers.after(ARRIVES_AFTER_MS, () => void Promise.resolve(work()).catch(() => undefined));
  }

  private run(mortal: MortalProcess): OperationRun {
    return {
      operation: this.operation,
      signal: new AbortController().signal,
      report: ({ progress, message, result = this.operation.result }) =>
        mortal.call('operation.report', noAnswer, () => {
          this.operation = { ...this.operation, progress, message, result };
        }),
    };
  }

  private licenses(): EventSourcedWorkerLicenses {
    return new EventSourcedWorkerLicenses(this.stores(WORKER_LICENSE_EVENTS).open(WORKER_LICENSE_DEFINITION));
  }

  private stores(events: Parameters<EventRegistry['register']>[0]): AggregateStores {
    const { store, seal } = this.memory;
    const decoder = new EventRegistry();
    decoder.register(events);
    const report = (error: unknown) => {
      throw error;
    };
    const pause = () => Promise.resolve();
    const snapshots = new MemorySnapshotStore();
    return new AggregateStores({ store, seal, decoder, snapshots, report, random: () => 0, pause });
  }

  private poolParts() {
    const { store, seal, clock } = this.memory;
    const { reservations } = this;
    return poolsOver({ store, seal, clock, reservations, pause: () => Promise.resolve() });
  }

  private readonly commands = {
    execute: async (command: ICommand) => {
      const { repository } = this.workers;
      if (command instanceof UpdateLicense) {
        return new UpdateLicenseHandler(repository, this.clock).execute(command);
      }
      if (command instanceof RecordTerminationPrepared) {
        return new RecordTerminationPreparedHandler(repository).execute(command);
      }
      throw new Error(`nobody carries out ${command.constructor.name}`);
    },
  } as LicenseServices['commands'];

  private readonly queries = {
    execute: async (query: IQuery) => {
      if (!(query instanceof GetWorker)) throw new Error(`nobody answers ${query.constructor.name}`);
      const worker = await this.workers.repository.getById(query.workerId);
      if (!worker) throw new WorkerNotFound(query.workerId);
      return worker.state;
    },
  } as LicenseServices['queries'];

  private readonly labs: LabShutdown = {
    stopAll: () => {
      this.labCalls.push('stop');
      this.client.agent(WORKER).nodesRun = !this.labsStop;
      this.clock.set(plus(this.clock.now(), 40 * SECOND));
      return Promise.resolve(1);
    },
  };

  private readonly topologies: TopologyKeeper = {
    keepAll: (_worker, _signal, order) => {
      this.labCalls.push(order?.only ? `keep ${order.only.join(' ')}` : 'keep');
      const next = this.keeps.shift() ?? { kept: 2, failed: [], later: [] };
      return next instanceof CmlError ? Promise.reject(next) : Promise.resolve(next);
    },
  };
}

function asAccepted(given: Partial<Operation>): Operation {
  const begun = { state: 'running' as const, progress: 0, message: null, result: null, startedAt: null };
  const open = { finishedAt: null, cancelledBy: null, error: null };
  return { ...anOperation({ workerId: WORKER, ...given }), ...begun, ...open };
}

const NO_OPERATIONS = {
  accept: () => Promise.reject(new Error('no operation is accepted here')),
};
