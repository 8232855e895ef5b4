import { type Turn } from '../../../src/event-store';
import { systemContext } from '../../../src/kernel/command-context';
import { type IdSource } from '../../../src/kernel/ids';
import { type KeptTopologies, TopologyKeeper } from '../../../src/labs';
import { type StopNotices } from '../../../src/notifications';
import { type ExplainedDecision } from '../../../src/reaper/domain/decision/decision';
import { type PolicySource, type SignsOfUse } from '../../../src/reaper/domain/ports';
import {
  ReapIdleWorkers,
  type ReapIdleWorkersHandler,
} from '../../../src/reaper/application/reap-idle-workers.command';
import { type Surroundings, WorkerJudge } from '../../../src/reaper/application/worker-judge';
import { reaperOver } from '../../../src/reaper/testing/reaper-over';
import { type ComputeProvider, type WorkerState } from '../../../src/workers';
import { FenceWorkerHandler } from '../../../src/workers/application/fence-worker.command';
import { GetActiveWorkersHandler } from '../../../src/workers/application/get-active-workers.query';
import { GetWorkerHandler } from '../../../src/workers/application/get-worker.query';
import { LiftFenceHandler } from '../../../src/workers/application/lift-fence.command';
import { PlanStopHandler } from '../../../src/workers/application/plan-stop.command';
import { SendAutomaticStopHandler } from '../../../src/workers/application/send-automatic-stop.command';
import { StartWorkerHandler } from '../../../src/workers/application/start-worker.command';
import { StopWorkerHandler } from '../../../src/workers/application/stop-worker.command';
import { WorkerReconciler } from '../../../src/workers/application/worker-reconciler';
import { FakeLabCensus } from '../../../src/workers/testing/fake-lab-census';
import { type Mortal } from '../../convergence/bench/mortal';
import { type Decisions } from '../judge/decisions';
import { Foresight } from '../judge/foresight';
import { type SimTime } from '../world/sim-time';
import { commandBus, type Handlers, queryBus } from './buses';
import { type Gate, NO_GATE, type ProcessStores, type Stores } from './stores';

/** What a process is made over; a run may put others in their place to see what their guards are good for. */
export interface Outside {
  readonly time: SimTime;
  readonly stores: Stores;
  readonly ids: IdSource;
  readonly signs: SignsOfUse;
  readonly compute: ComputeProvider;
  readonly notices: StopNotices;
  readonly policies: PolicySource;
  readonly decisions: Decisions;
  readonly observeMs: number;
  /** processes die or stand still at calls */
  readonly mayFail: boolean;
  /** for those that are put in the place of some */
  readonly handlers: (handlers: Handlers) => Handlers;
  readonly controls: (controls: ProcessStores['controls']) => ProcessStores['controls'];
}

/** The judge, with what it says taken down. */
class OverheardJudge extends WorkerJudge {
  /** what the latest turn judged */
  latest: { readonly workers: readonly WorkerState[]; readonly view: Surroundings } | null = null;
  /** number of the turn that its process takes */
  turn = 0;

  constructor(
    private readonly heard: Decisions,
    ...given: ConstructorParameters<typeof WorkerJudge>
  ) {
    super(...given);
  }

  override async judge(
    workers: readonly WorkerState[],
    surroundings: Surroundings,
  ): Promise<ExplainedDecision[]> {
    const decisions = await super.judge(workers, surroundings);
    this.latest = { workers, view: surroundings };
    this.heard.begin(
      this.turn,
      workers.filter(({ status }) => status === 'RUNNING'),
    );
    for (const decision of decisions) this.heard.note(this.turn, decision);
    return decisions;
  }

  override async judgeOne(...given: Parameters<WorkerJudge['judgeOne']>): Promise<ExplainedDecision> {
    const decision = await super.judgeOne(...given);
    this.heard.note(this.turn, decision);
    return decision;
  }
}

/** Labs of simulated servers are not worth keeping. */
class NoTopologies extends TopologyKeeper {
  keepAll(): Promise<KeptTopologies> {
    return Promise.resolve({ kept: 0, failed: [], later: [] });
  }
}

/** One process of the fleet manager, as far as automatic stops go: the parts as Nest wires them. */
export class Process {
  private readonly reaper: ReapIdleWorkersHandler;
  private readonly judge: OverheardJudge;
  private readonly foresight: Foresight;

  constructor(
    readonly mortal: Mortal,
    private readonly outside: Outside,
  ) {
    const { time, stores, ids, policies, decisions, observeMs } = outside;
    const { fleet: clock, machine } = time;
    const gate: Gate = outside.mayFail ? (name, port) => mortal.gate(name, port) : NO_GATE;
    const signs = gate('signs', outside.signs);
    const compute = gate('EC2', outside.compute);
    const { repository, controls, trail } = stores.seenBy(gate);
    const census = new FakeLabCensus(null);
    const reconciler = new WorkerReconciler(
      ...([repository, compute, clock, machine, ids, { forceOverdueStop: false }, census] as const),
    );
    this.judge = new OverheardJudge(decisions, signs, ids, clock, policies);
    // what it asks is no call of the process
    this.foresight = new Foresight(
      decisions,
      new WorkerJudge(outside.signs, ids, clock, policies),
      stores.latest,
    );
    this.reaper = reaperOver({
      queries: queryBus({
        GetWorker: new GetWorkerHandler(repository),
        GetActiveWorkers: new GetActiveWorkersHandler(repository),
      }),
      commands: commandBus(
        outside.handlers({
          PlanStop: new PlanStopHandler(repository, clock),
          FenceWorker: new FenceWorkerHandler(repository, clock, machine),
          LiftFence: new LiftFenceHandler(repository, clock),
          StopWorker: new StopWorkerHandler(repository, clock, census),
          StartWorker: new StartWorkerHandler(repository, clock),
          SendAutomaticStop: new SendAutomaticStopHandler(reconciler),
        }),
      ),
      ...{ signs, policies, ids, clock, machine, trail, controls: outside.controls(controls) },
      ...{ notices: gate('notices', outside.notices), topologies: new NoTopologies() },
      ...{ book: gate('verdicts', stores.verdicts), runs: gate('runs', stores.runs) },
      observeSeconds: observeMs / 1_000,
      judge: this.judge,
    });
  }

  /** Whether a turn would only say what the latest one said, given that control and notices are as they were then. */
  async wouldRepeatItself(): Promise<boolean> {
    const { latest } = this.judge;
    return latest !== null && (await this.foresight.repeats(latest.workers, latest.view));
  }

  async reap(turn: Turn): Promise<void> {
    this.judge.turn = turn.lease.fence;
    await this.reaper.execute(new ReapIdleWorkers(turn, systemContext('reaper', this.outside.ids.next())));
  }
}
