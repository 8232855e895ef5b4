import { type FleetClock, latest, MINUTE, plus } from '../../kernel/clocks';
import { type InstanceReading } from '../domain/instance-reading';
import { placementOf } from '../domain/launch-fallback';
import { type ComputeProvider } from '../domain/ports';
import { ComputeError } from '../domain/worker-errors';
import { type LaunchRequest, wantedTags, type WorkerState } from '../domain/worker-state';
import { type TurnRecord } from './turn-record';

/** How long EC2 may take to show an instance that a launch made: after that, none was made. */
const VISIBLE_WITHIN_MS = 5 * MINUTE;

/**
 * Brings a worker to its instance. The request is stored before it is sent, so that after a crash, or an answer that was
 * lost, its instance is found by the client token and adopted, and never a second one launched.
 */
export class WorkerLauncher {
  constructor(
    private readonly compute: ComputeProvider,
    private readonly clock: FleetClock,
  ) {}

  /** When the request was made that nobody can have sent yet; null where none was, or another process' one is stored. */
  async prepare(state: WorkerState, record: TurnRecord): Promise<Date | null> {
    const { awsRegion, amiId, amiName, launch } = state;
    try {
      // what an earlier launch asked for may still be open, and bring an instance that nobody waits for
      const mayHaveAsked = launch.market === 'spot' && state.launchAttempt > 0;
      if (mayHaveAsked) await this.compute.cancelSpotRequests(awsRegion, state.id, null);
      const image = await this.compute.resolveImage(awsRegion, { amiId, amiName, owners: launch.amiOwners });
      const request = this.compute.prepareLaunch(
        {
          image,
          launch,
          workerId: state.id,
          attempt: state.launchAttempt + 1,
          placement: placementOf(state),
          tags: wantedTags(state),
        },
        this.clock.now(),
      );
      await record.change(state, (worker) => worker.requestLaunch(request));
      return request.at;
    } catch (error) {
      await record.explain(state, error);
      return null;
    }
  }

  /** `firstTry`: the request was made in this very turn, so that nobody can have sent it before. */
  async launch(
    state: WorkerState,
    request: LaunchRequest,
    firstTry: boolean,
    record: TurnRecord,
  ): Promise<void> {
    if (!firstTry && (await this.adopted(state, request, record)) !== false) return;
    try {
      await this.assign(state, await this.compute.launch(state.awsRegion, request), record);
    } catch (error) {
      const reason = record.reasonFor(state, error);
      const now = reason.at;
      const failure = error instanceof ComputeError ? error.failure : 'unclear';
      const refused = failure !== 'unclear';
      await record.change(state, (worker) => {
        if (refused && (firstTry || wouldBeVisible(state, request, now))) {
          worker.failLaunch(request.attempt, failure, reason);
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

  /** For a launch that nobody wants any more: its instance, if it made one, else its end. */
  async find(state: WorkerState, request: LaunchRequest, record: TurnRecord): Promise<void> {
    const now = this.clock.now();
    if ((await this.adopted(state, request, record)) !== false || !wouldBeVisible(state, request, now))
      return;
    const message = 'EC2 shows no instance of the launch that was sent: it was not carried out.';
    const reason = { code: 'launch-not-found', message, at: now, nextTryAt: now };
    await record.change(state, (worker) => worker.failLaunch(request.attempt, 'later', reason));
  }

  /** Whether EC2 shows the instance of a launch that was sent, which is then the worker's; null if EC2 does not say. */
  private async adopted(
    state: WorkerState,
    request: LaunchRequest,
    record: TurnRecord,
  ): Promise<boolean | null> {
    try {
      const instance = await this.compute.findByClientToken(state.awsRegion, request.clientToken);
      if (instance) await this.assign(state, instance, record);
      return instance !== null;
    } catch (error) {
      await record.explain(state, error);
      return null;
    }
  }

  private async assign(state: WorkerState, instance: InstanceReading, record: TurnRecord): Promise<void> {
    const now = this.clock.now();
    const { instanceId, accountId, publicIp, privateIp, status } = instance;
    const assigned = { awsInstanceId: instanceId, awsAccountId: accountId, publicIp, privateIp };
    await record.change(state, (worker) => {
      worker.assignInstance(assigned, now);
      // it may have another one by now, found by a sweep
      if (worker.state.awsInstanceId === instanceId) worker.updateStatus(status, now);
    });
  }
}

/** Whether EC2 would show by now what the latest try made; none is begun once the intent is another. */
function wouldBeVisible({ desired, statusReason }: WorkerState, { at }: LaunchRequest, now: Date): boolean {
  const lastTry = [desired.at, statusReason?.at ?? null].reduce(latest, at) ?? at;
  return now >= plus(lastTry, VISIBLE_WITHIN_MS);
}
