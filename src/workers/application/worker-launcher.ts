import { type FleetClock, latest, MINUTE, plus } from '../../kernel/clocks';
import { type InstanceReading } from '../domain/instance-reading';
import { placementOf } from '../domain/launch-fallback';
import { type ComputeProvider } from '../domain/ports';
import { ComputeError } from '../domain/worker-errors';
import { type LaunchRequest, wantedTags, type WorkerState } from '../domain/worker-state';
import { isSameIntent, type TurnRecord, wasNotSent } from './turn-record';

/** How long after a try EC2 may take to show the instance that it made: after that, it made none. */
const VISIBLE_WITHIN_MS = 5 * MINUTE;

/**
 * So long an instance is looked for that nobody wants any more: nothing is sent that could tell for certain, and reads that
 * lag for longer than EC2 says would leave it running. What shows itself even later is listed as an orphan.
 */
const LOOKED_FOR_MS = 15 * MINUTE;

/**
 * Brings a worker to its instance. The request is stored before it is sent, so that after a crash, or an answer that was
 * lost, its instance is found by the client token and adopted, and never a second one launched.
 */
export class WorkerLauncher {
  constructor(
    private readonly compute: ComputeProvider,
    private readonly clock: FleetClock,
  ) {}

  /** Makes the request and stores it; nothing is sent. */
  async prepare(state: WorkerState, record: TurnRecord): Promise<void> {
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
    } catch (error) {
      await record.explain(state, error);
    }
  }

  /**
   * Sends the request, unless it comes to that after `notAfter` (machine time). The try is stored before: of two processes
   * that set about it at once only one sends, and what it makes of a refusal counts only as long as nobody has tried again.
   */
  async launch(
    state: WorkerState,
    request: LaunchRequest,
    notAfter: Date,
    record: TurnRecord,
  ): Promise<void> {
    const { triedAt: earlier, attempt } = request;
    if (earlier !== null && (await this.adopted(state, request, record)) !== false) return;
    let mine = false;
    await record.change(state, (worker) => {
      mine = worker.tryLaunch(request, this.clock.now());
    });
    if (!mine) return;
    try {
      await this.assign(state, await this.compute.launch(state.awsRegion, request, notAfter), record);
    } catch (error) {
      if (wasNotSent(error)) return;
      const reason = record.reasonFor(state, error);
      const failure = error instanceof ComputeError ? error.failure : 'unclear';
      const earlierMadeNone = earlier === null || reason.at >= plus(earlier, VISIBLE_WITHIN_MS);
      await record.change(state, (worker) => {
        if (failure !== 'unclear' && earlierMadeNone) {
          worker.failLaunch({ attempt, tries: request.tries + 1 }, failure, reason);
        } else if (isSameIntent(worker.state, state)) {
          // this try or an earlier one may have made the instance: the same request is sent again, and never another one
          const visibleAt = plus(reason.at, VISIBLE_WITHIN_MS);
          const nextTryAt = failure === 'unclear' ? reason.nextTryAt : latest(reason.nextTryAt, visibleAt);
          worker.explain({ ...reason, nextTryAt }, reason.at);
        }
      });
    }
  }

  /** For a launch that nobody wants any more: its instance, if it made one, else its end. */
  async find(state: WorkerState, request: LaunchRequest, record: TurnRecord): Promise<void> {
    const now = this.clock.now();
    const { triedAt } = request;
    if (triedAt !== null && (await this.adopted(state, request, record)) !== false) return;
    if (triedAt !== null && now < plus(triedAt, LOOKED_FOR_MS)) return;
    const message = 'EC2 shows no instance of the launch: it was not carried out.';
    const reason = { code: 'launch-not-found', message, at: now, nextTryAt: now };
    await record.change(state, (worker) => worker.failLaunch(request, 'later', reason));
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
    const { instanceId, accountId, publicIp, privateIp } = instance;
    const assigned = { awsInstanceId: instanceId, awsAccountId: accountId, publicIp, privateIp };
    await record.change(state, (worker) => {
      worker.assignInstance(assigned, now);
      // it may have another one by now, found by a sweep
      if (worker.state.awsInstanceId === instanceId) worker.observe({ ...instance, begunAt: now }, now);
    });
  }
}
