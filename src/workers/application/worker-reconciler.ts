import { Inject, Injectable } from '@nestjs/common';
import { FleetClock, HOUR, MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { IdSource } from '../../kernel/ids';
import { LabCensus } from '../domain/lab-census';
import { type Circumstances, nextAction } from '../domain/next-action';
import { ComputeProvider, WorkerRepository } from '../domain/ports';
import { type NextAction } from '../domain/state-machine';
import { TAGS_NOT_APPLIED } from '../domain/worker-errors';
import { wantedTags, type WorkerState } from '../domain/worker-state';
import { type CMLWorkerStatus } from '../domain/worker-status';
import { TurnRecord } from './turn-record';
import { WorkerLauncher } from './worker-launcher';
import { WORKERS_OPTIONS, type WorkersOptions } from './workers.options';

const TAGS_AGAIN_MS = 5 * MINUTE;

/** Nobody asks again for tags that AWS refused for good: they are tried again by themselves, seldom. */
const REFUSED_TAGS_AGAIN_MS = 6 * HOUR;

/**
 * How long a decision holds (fleet time) until its call is sent: after that another process may have gone on. Shorter than
 * what a launch that nobody wants any more is looked for.
 */
const DECISION_HOLDS_MS = 2 * MINUTE;

/** A worker needs at most this many actions in a row: prepare, launch, and what follows at once. */
const ACTIONS_IN_A_ROW = 4;

/**
 * Does for one worker what its present state asks for. Whatever it means to do is stored before it is done, so the
 * process may die between any two lines: the next turn finds the state and goes on.
 */
@Injectable()
export class WorkerReconciler {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly launcher: WorkerLauncher;

  constructor(
    private readonly workers: WorkerRepository,
    private readonly compute: ComputeProvider,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    private readonly ids: IdSource,
    @Inject(WORKERS_OPTIONS) private readonly options: Pick<WorkersOptions, 'forceOverdueStop'>,
    private readonly census: LabCensus,
  ) {
    this.launcher = new WorkerLauncher(compute, clock);
  }

  /** One at a time per worker; a second call joins the first. `correlationId` names what it is part of, if anything. */
  reconcile(workerId: string, correlationId: string | null = null): Promise<void> {
    return this.underWay.get(workerId) ?? this.begin(workerId, correlationId, null);
  }

  /**
   * Sends the automatic stop of this decision, which nothing else sends. It joins no turn that is under way, for that
   * would leave it alone.
   */
  async carryOut(workerId: string, correlationId: string, decisionId: string): Promise<void> {
    for (let other = this.underWay.get(workerId); other; other = this.underWay.get(workerId)) {
      await Promise.allSettled([other]);
    }
    await this.begin(workerId, correlationId, decisionId);
  }

  private begin(workerId: string, correlationId: string | null, decisionId: string | null): Promise<void> {
    const record = new TurnRecord(this.workers, this.clock, this.ids, correlationId);
    const turn = this.turn(workerId, decisionId, record).finally(() => this.underWay.delete(workerId));
    this.underWay.set(workerId, turn);
    return turn;
  }

  private async turn(workerId: string, decisionId: string | null, record: TurnRecord): Promise<void> {
    let previous: NextAction | null = null;
    for (let count = 0; count < ACTIONS_IN_A_ROW; count += 1) {
      const notAfter = plus(this.machine.now(), this.clock.toMachineMs(DECISION_HOLDS_MS));
      const worker = await this.workers.getById(workerId);
      if (!worker) return;
      const action = nextAction(worker.state, this.circumstances(decisionId));
      if (action === 'none' || action === 'wait' || action === previous) return;
      await this.act(action, worker.state, notAfter, record);
      previous = action;
    }
  }

  private circumstances(decisionId: string | null): Circumstances {
    const { forceOverdueStop } = this.options;
    return { now: this.clock.now(), machineNow: this.machine.now(), decisionId, forceOverdueStop };
  }

  private async act(
    action: Exclude<NextAction, 'none' | 'wait'>,
    state: WorkerState,
    notAfter: Date,
    record: TurnRecord,
  ): Promise<void> {
    const { compute, launcher } = this;
    const { awsRegion, desired } = state;
    const instance = state.awsInstanceId ?? '';
    switch (action) {
      case 'prepare-launch':
        return launcher.prepare(state, record);
      case 'launch':
        return launcher.launch(state, mustHave(state.launchRequest), notAfter, record);
      case 'find-launched':
        return launcher.find(state, mustHave(state.launchRequest), record);
      case 'end':
        return record.change(state, (worker) => worker.terminate(desired.by, this.clock.now()));
      case 'apply-instance-type':
        return this.applyInstanceType(state, instance, record);
      case 'apply-tags':
        return this.applyTags(state, instance, record);
      case 'start':
        return this.call(state, record, () => compute.start(awsRegion, instance, notAfter));
      case 'stop': {
        if (await this.mayHaveLabs(state)) return;
        const options = { sendBefore: desired.sendBefore, force: false, notAfter };
        return this.call(state, record, () => compute.stop(awsRegion, instance, options));
      }
      case 'force-stop':
        return this.forceStop(state, instance, notAfter, record);
      case 'terminate':
        return this.call(state, record, async () => {
          if (state.market === 'spot') await compute.cancelSpotRequests(awsRegion, state.id, instance);
          return compute.terminate(awsRegion, instance, notAfter);
        });
    }
  }

  /** A stop that no person wants, and no live probe allows, is sent only where a fresh reading shows no labs. */
  private async mayHaveLabs({ id, desired }: WorkerState): Promise<boolean> {
    const byItself = desired.by.startsWith('system:') && desired.sendBefore === null;
    return byItself && (await this.census.runningLabs(id)) !== 0;
  }

  private async applyInstanceType(state: WorkerState, instance: string, record: TurnRecord): Promise<void> {
    const { awsRegion, instanceType } = state;
    await this.explained(state, record, async () => {
      await this.compute.changeInstanceType(awsRegion, instance, instanceType);
      await record.change(state, (worker) => worker.instanceTypeApplied(instanceType, this.clock.now()));
    });
  }

  private async applyTags(state: WorkerState, instance: string, record: TurnRecord): Promise<void> {
    const set = wantedTags(state);
    const remove = Object.keys(state.appliedTags ?? {}).filter((key) => !(key in set));
    try {
      await this.compute.applyTags(state.awsRegion, instance, state.id, { set, remove });
      await record.change(state, (worker) => worker.tagsApplied(set, this.clock.now()));
    } catch (error) {
      const { nextTryAt, at, message } = record.reasonFor(state, error);
      // pauses go by the age of the intent, which has nothing to do with that of the tags
      const later = plus(at, nextTryAt === null ? REFUSED_TAGS_AGAIN_MS : TAGS_AGAIN_MS);
      await record.tell(state, { code: TAGS_NOT_APPLIED, message, at, nextTryAt: later });
    }
  }

  private async forceStop(
    state: WorkerState,
    instance: string,
    notAfter: Date,
    record: TurnRecord,
  ): Promise<void> {
    await this.explained(state, record, async () => {
      await this.compute.stop(state.awsRegion, instance, { sendBefore: null, force: true, notAfter });
      await record.change(state, (worker) => worker.stopForced(this.clock.now()));
    });
  }

  private async call(
    state: WorkerState,
    record: TurnRecord,
    call: () => Promise<CMLWorkerStatus>,
  ): Promise<void> {
    await this.explained(state, record, async () => {
      const begunAt = this.clock.now();
      const status = await call();
      await record.change(state, (worker) => worker.callAnswered(status, this.clock.now(), begunAt));
    });
  }

  private async explained(state: WorkerState, record: TurnRecord, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await record.explain(state, error);
    }
  }
}

function mustHave<T>(value: T | null): T {
  if (value === null) throw new Error('the state asks for an action that it cannot carry');
  return value;
}
