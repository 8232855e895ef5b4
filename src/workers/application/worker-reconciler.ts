import { Injectable } from '@nestjs/common';
import { FleetClock, latest, MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext, systemContext } from '../../kernel/command-context';
import { IdSource } from '../../kernel/ids';
import { reasonFor } from '../domain/back-off';
import { type CmlWorker } from '../domain/cml-worker';
import { type InstanceReading } from '../domain/instance-reading';
import { type NextAction, nextAction } from '../domain/next-action';
import { ComputeProvider, WorkerRepository } from '../domain/ports';
import { ComputeError } from '../domain/worker-errors';
import { type LaunchRequest, type WorkerState } from '../domain/worker-state';
import { type CMLWorkerStatus } from '../domain/worker-status';

/** How long EC2 may take to show an instance that a launch made: after that, none was made. */
const VISIBLE_WITHIN_MS = 5 * MINUTE;

/** A worker needs at most this many actions in a row: prepare, launch, and what follows at once. */
const ACTIONS_IN_A_ROW = 4;

type Call = (state: WorkerState) => Promise<CMLWorkerStatus>;

/**
 * Does for one worker what its present state asks for. Whatever it means to do is stored before it is done, so the
 * process may die between any two lines: the next turn finds the state and goes on.
 */
@Injectable()
export class WorkerReconciler {
  private readonly underWay = new Map<string, { turn: Promise<void>; correlationId: string | null }>();

  constructor(
    private readonly workers: WorkerRepository,
    private readonly compute: ComputeProvider,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    private readonly ids: IdSource,
  ) {}

  /** One at a time per worker; a second call joins the first. `correlationId` names what it is part of, if anything. */
  reconcile(workerId: string, correlationId: string | null = null): Promise<void> {
    return this.underWay.get(workerId)?.turn ?? this.begin(workerId, correlationId, null);
  }

  /**
   * Sends the automatic stop of this decision, which nothing else sends. It joins no turn that is under way, for that
   * would leave it alone.
   */
  async carryOut(workerId: string, correlationId: string, decisionId: string): Promise<void> {
    for (let other = this.underWay.get(workerId); other; other = this.underWay.get(workerId)) {
      await Promise.allSettled([other.turn]);
    }
    await this.begin(workerId, correlationId, decisionId);
  }

  private begin(workerId: string, correlationId: string | null, decisionId: string | null): Promise<void> {
    const turn = this.turn(workerId, decisionId).finally(() => this.underWay.delete(workerId));
    this.underWay.set(workerId, { turn, correlationId });
    return turn;
  }

  private async turn(workerId: string, decisionId: string | null): Promise<void> {
    let previous: NextAction | null = null;
    let preparedAt: Date | null = null;
    for (let count = 0; count < ACTIONS_IN_A_ROW; count += 1) {
      const worker = await this.workers.getById(workerId);
      if (!worker) return;
      const action = nextAction(worker.state, this.clock.now(), this.machine.now(), decisionId);
      if (action === 'none' || action === 'wait' || action === previous) return;
      if (action === 'prepare-launch') preparedAt = await this.prepareLaunch(worker.state);
      else await this.act(action, worker.state, preparedAt);
      previous = action;
    }
  }

  private async act(
    action: Exclude<NextAction, 'prepare-launch'>,
    state: WorkerState,
    preparedAt: Date | null,
  ): Promise<void> {
    const { compute } = this;
    const instance = state.awsInstanceId ?? '';
    switch (action) {
      case 'none':
      case 'wait':
        return;
      case 'launch': {
        const request = mustHave(state.launchRequest);
        return this.launch(state, request, request.at.getTime() === preparedAt?.getTime());
      }
      case 'find-launched':
        return this.findLaunched(state, mustHave(state.launchRequest));
      case 'end':
        return this.change(state, (worker) => worker.terminate(state.desired.by, this.clock.now()));
      case 'apply-instance-type':
        return this.applyInstanceType(state, instance);
      case 'start':
        return this.call(state, ({ awsRegion }) => compute.start(awsRegion, instance));
      case 'stop':
        return this.call(state, ({ awsRegion, desired }) =>
          compute.stop(awsRegion, instance, desired.sendBefore),
        );
      case 'terminate':
        return this.call(state, ({ awsRegion }) => compute.terminate(awsRegion, instance));
    }
  }

  /** When the request was made that nobody can have sent yet; null where none was, or another process' one is stored. */
  private async prepareLaunch(state: WorkerState): Promise<Date | null> {
    const attempt = state.launchAttempt + 1;
    try {
      const image = await this.compute.resolveImage(state.awsRegion, state);
      const request = this.compute.prepareLaunch(
        {
          ...image,
          ...state.launch,
          workerId: state.id,
          name: state.name,
          attempt,
          instanceType: state.instanceType,
          tags: state.tags,
        },
        this.clock.now(),
      );
      await this.change(state, (worker) => worker.requestLaunch(request));
      return request.at;
    } catch (error) {
      await this.explain(state, error, attempt);
      return null;
    }
  }

  private async launch(state: WorkerState, request: LaunchRequest, firstTry: boolean): Promise<void> {
    if (!firstTry && (await this.adopted(state, request)) !== false) return;
    try {
      await this.assign(state, await this.compute.launch(state.awsRegion, request));
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      const now = this.clock.now();
      const reason = reasonFor(error, request.attempt, now);
      const refused = error.failure !== 'unclear';
      await this.change(state, (worker) => {
        if (refused && (firstTry || wouldBeVisible(state, request, now))) {
          worker.failLaunch(request.attempt, reason);
        } else {
          // an earlier try may have made the instance: the same request is sent again, and never another one
          const nextTryAt = refused
            ? latest(reason.nextTryAt, plus(now, VISIBLE_WITHIN_MS))
            : reason.nextTryAt;
          worker.explain({ ...reason, nextTryAt }, now);
        }
      });
    }
  }

  private async findLaunched(state: WorkerState, request: LaunchRequest): Promise<void> {
    const now = this.clock.now();
    if ((await this.adopted(state, request)) !== false || !wouldBeVisible(state, request, now)) return;
    const message = 'EC2 shows no instance of the launch that was sent: it was not carried out.';
    await this.change(state, (worker) =>
      worker.failLaunch(request.attempt, { code: 'launch-not-found', message, at: now, nextTryAt: now }),
    );
  }

  /** Whether EC2 shows the instance of a launch that was sent, which is then the worker's; null if EC2 does not say. */
  private async adopted(state: WorkerState, request: LaunchRequest): Promise<boolean | null> {
    try {
      const instance = await this.compute.findByClientToken(state.awsRegion, request.clientToken);
      if (instance) await this.assign(state, instance);
      return instance !== null;
    } catch (error) {
      await this.explain(state, error, 1);
      return null;
    }
  }

  private async assign(state: WorkerState, instance: InstanceReading): Promise<void> {
    const now = this.clock.now();
    const { instanceId, accountId, publicIp, privateIp, status } = instance;
    const assigned = { awsInstanceId: instanceId, awsAccountId: accountId, publicIp, privateIp };
    await this.change(state, (worker) => {
      worker.assignInstance(assigned, now);
      // it may have another one by now, found by a sweep
      if (worker.state.awsInstanceId === instanceId) worker.updateStatus(status, now);
    });
  }

  private async applyInstanceType(state: WorkerState, instance: string): Promise<void> {
    const { awsRegion, instanceType } = state;
    try {
      await this.compute.changeInstanceType(awsRegion, instance, instanceType);
      await this.change(state, (worker) => worker.instanceTypeApplied(instanceType, this.clock.now()));
    } catch (error) {
      await this.explain(state, error, 1);
    }
  }

  private async call(state: WorkerState, call: Call): Promise<void> {
    try {
      const status = await call(state);
      await this.change(state, (worker) => worker.callAnswered(status, this.clock.now()));
    } catch (error) {
      await this.explain(state, error, 1);
    }
  }

  /** What AWS refused is told on the worker; anything else is not ours to explain. */
  private async explain(state: WorkerState, error: unknown, attempt: number): Promise<void> {
    if (!(error instanceof ComputeError)) throw error;
    const reason = reasonFor(error, attempt, this.clock.now());
    await this.change(state, (worker) => worker.explain(reason, reason.at));
  }

  private async change(state: WorkerState, change: (worker: CmlWorker) => void): Promise<void> {
    await this.workers.update(state.id, this.context(state), change);
  }

  /** Each step is a command of its own; why is what the intent says. */
  private context({ id, desired }: WorkerState): CommandContext {
    const commandId = this.ids.next();
    return systemContext('reconciler', commandId, {
      reason: desired.reason,
      correlationId: this.underWay.get(id)?.correlationId ?? commandId,
      causationId: desired.decisionId,
    });
  }
}

/** Whether EC2 would show by now what the latest try made; none is begun once the intent is another. */
function wouldBeVisible({ desired, statusReason }: WorkerState, { at }: LaunchRequest, now: Date): boolean {
  const lastTry = [desired.at, statusReason?.at ?? null].reduce(latest, at) ?? at;
  return now >= plus(lastTry, VISIBLE_WITHIN_MS);
}

function mustHave<T>(value: T | null): T {
  if (value === null) throw new Error('the state asks for an action that it cannot carry');
  return value;
}
