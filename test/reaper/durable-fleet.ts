import { systemContext } from '../../src/kernel/command-context';
import { type ManualClock, MINUTE, plus, SECOND } from '../../src/kernel/clocks';
import { StoreUnavailable } from '../../src/kernel/domain-error';
import { SequentialIds } from '../../src/kernel/ids';
import { MortalProcess, type Blow } from '../../src/licensing/testing/mortal-process';
import { MemoryStopNotices } from '../../src/notifications/testing/memory-stop-notices';
import { aTurn } from '../../src/event-store/testing/leased-ticks';
import { FixedPolicy } from '../../src/reaper/application/fixed-policy';
import { ReapIdleWorkers } from '../../src/reaper/application/reap-idle-workers.command';
import { type ObservedUse } from '../../src/reaper/domain/signals/idle-input';
import { type IdlePolicy } from '../../src/reaper/domain/policy/idle-policy';
import { type FleetRules } from '../../src/reaper/domain/policy/effective-policy';
import { type PolicySource } from '../../src/reaper/domain/ports';
import { type ReaperRun } from '../../src/reaper/domain/reaper-run';
import { MemoryReaperRuns } from '../../src/reaper/persistence/reaper-runs.memory-store';
import { StoredStopTrail } from '../../src/reaper/persistence/stored-stop-trail';
import { MemoryVerdictBook } from '../../src/reaper/persistence/verdict-book.memory-store';
import { controlBench } from '../../src/reaper/testing/control-bench';
import { NOW, POLICY } from '../../src/reaper/testing/idle-input.builder';
import { GivenSigns, IDLE_USE, NotedTopologies, QUIET_PROBE } from '../../src/reaper/testing/reaper-bench';
import { reaperOver } from '../../src/reaper/testing/reaper-over';
import { FenceWorkerHandler } from '../../src/workers/application/fence-worker.command';
import { LiftFenceHandler } from '../../src/workers/application/lift-fence.command';
import { PlanStopHandler } from '../../src/workers/application/plan-stop.command';
import { SendAutomaticStopHandler } from '../../src/workers/application/send-automatic-stop.command';
import { StartWorkerHandler } from '../../src/workers/application/start-worker.command';
import { StopWorkerHandler } from '../../src/workers/application/stop-worker.command';
import { WorkerReconciler } from '../../src/workers/application/worker-reconciler';
import { type WorkerRepository } from '../../src/workers/domain/ports';
import { type WorkerState } from '../../src/workers/domain/worker-state';
import { FakeLabCensus } from '../../src/workers/testing/fake-lab-census';
import { memoryWorkers } from '../../src/workers/testing/memory-workers';
import { type WorkerBuilder } from '../../src/workers/testing/worker.builder';
import { ObedientEc2 } from './obedient-ec2';

const EMPTY = { version: 0, at: null, hash: null };

/** Between two turns. */
export const STEP_MINUTES = 5;

const lost = () => new StoreUnavailable('the answer was lost');

/** What a process of the reaper is: it can be struck at each of its calls, and knows only what is stored. */
export interface ReaperProcess {
  readonly mortal: MortalProcess;
  readonly turn: () => Promise<ReaperRun>;
  readonly reconcile: (workerId: string) => Promise<void>;
}

/** Real workers, control and histories in memory, an EC2 that obeys, and as many processes of the reaper as are opened. */
export class DurableFleet {
  readonly workers = memoryWorkers();
  readonly clock: ManualClock = this.workers.clock;
  readonly control = controlBench(NOW);
  readonly notices = new MemoryStopNotices(this.clock);
  readonly signs = new GivenSigns();
  readonly book = new MemoryVerdictBook();
  readonly runs = new MemoryReaperRuns();
  readonly topologies = new NotedTopologies();
  readonly ec2 = new ObedientEc2(() => this.clock.now());
  readonly policies: PolicySource;
  private readonly ids = new SequentialIds();

  constructor(policy: Partial<IdlePolicy> = {}, rules: Partial<FleetRules> = {}) {
    const none = { fleetBudget: null, regionBudget: null, breakerWindowMinutes: 60 };
    this.policies = new FixedPolicy({ ...POLICY, ...policy }, { ...none, ...rules });
    this.clock.set(NOW);
    this.signs.answer = () => ({ ...QUIET_PROBE, at: this.clock.now() });
  }

  async given(builder: WorkerBuilder, use: ObservedUse | null = IDLE_USE): Promise<void> {
    const { id, events } = builder;
    const context = systemContext('test', `given ${id}`);
    await this.workers.store.append({ stream: `worker-${id}`, head: EMPTY, events, context });
    await this.workers.readModel.put(builder.state, events.length);
    const { awsInstanceId, status } = builder.state;
    this.ec2.instances.set(awsInstanceId ?? '', { workerId: id, status });
    if (use) this.signs.use.set(id, use);
  }

  process(blow: Blow | null = null): ReaperProcess {
    const mortal = new MortalProcess(blow);
    const gate = <T extends object>(name: string, port: T) => mortal.gate(name, port, lost);
    const { clock, ids, control, policies } = this;
    const repository = gate('workers', this.workers.repository);
    const compute = gate('ec2', this.ec2);
    const census = new FakeLabCensus();
    const options = { forceOverdueStop: false };
    const reconciler = new WorkerReconciler(repository, compute, clock, clock, ids, options, census);
    const commands = commandsOver(repository, reconciler, clock, census);
    const reaper = reaperOver({
      ...{ queries: { execute: (query: object) => answer(repository, query) as never }, ids, policies },
      ...{ commands: { execute: (command: object) => commands(command) as never }, clock, machine: clock },
      ...{ signs: gate('signs', this.signs), notices: gate('notices', this.notices) },
      ...{ controls: gate('control', control.open()), book: gate('book', this.book) },
      ...{ runs: gate('runs', this.runs), trail: gate('trail', new StoredStopTrail(this.workers.store)) },
      ...{ topologies: gate('topologies', this.topologies), cron: `*/${STEP_MINUTES} * * * *` },
    });
    const turn = () => reaper.execute(new ReapIdleWorkers(aTurn(clock), systemContext('reaper', ids.next())));
    return { mortal, turn, reconcile: (id) => reconciler.reconcile(id) };
  }

  /** Time passes up to the next turn; EC2 goes on, is seen, and the signs are read again. */
  async pass(minutes = STEP_MINUTES): Promise<void> {
    this.clock.advance(minutes * MINUTE);
    this.ec2.goOn();
    for (const { workerId, status } of this.ec2.instances.values()) {
      const now = this.clock.now();
      const reading = { status, publicIp: null, privateIp: null, stateReason: null, begunAt: now };
      await this.workers.repository.update(workerId, systemContext('sweep', this.ids.next()), (worker) => {
        worker.observe(reading, now);
      });
    }
    this.signs.readAgain(plus(this.clock.now(), -30 * SECOND));
  }

  async worker(id: string): Promise<WorkerState> {
    const worker = await this.workers.repository.getById(id);
    if (!worker) throw new Error(`${id} is gone`);
    return worker.state;
  }
}

async function answer(repository: WorkerRepository, query: object): Promise<unknown> {
  if (!('workerId' in query)) return repository.getActiveWorkers();
  return (await repository.getById(query.workerId as string))?.state;
}

/** The commands of the workers module that the reaper sends, by the names of their classes. */
function commandsOver(
  repository: WorkerRepository,
  reconciler: WorkerReconciler,
  clock: ManualClock,
  census: FakeLabCensus,
) {
  const handlers: Readonly<Record<string, { execute: (command: never) => Promise<unknown> }>> = {
    PlanStop: new PlanStopHandler(repository, clock),
    FenceWorker: new FenceWorkerHandler(repository, clock, clock),
    LiftFence: new LiftFenceHandler(repository, clock),
    StopWorker: new StopWorkerHandler(repository, clock, census),
    StartWorker: new StartWorkerHandler(repository, clock),
    SendAutomaticStop: new SendAutomaticStopHandler(reconciler),
  };
  return (command: object): Promise<unknown> => {
    const handler = handlers[command.constructor.name];
    if (!handler) throw new Error(`nobody takes ${command.constructor.name}`);
    return handler.execute(command as never);
  };
}
