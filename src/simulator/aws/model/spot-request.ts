import { Timeline } from '../../timeline';
import { AwsError } from '../aws-error';
import { type Change, type InstanceState } from './instance-state';
import { type Tags } from './tags';

/** How a launch asks for Spot capacity. */
export interface SpotTerms {
  readonly type: 'one-time' | 'persistent';
  readonly onInterruption: 'stop' | 'terminate';
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html */
export interface SpotStatus {
  readonly state: 'open' | 'active' | 'closed' | 'cancelled' | 'disabled';
  readonly code: string;
}

/** A Spot request with the instance that it brought last. */
export class SpotRequest {
  readonly tags = new Timeline<Tags>();
  readonly status = new Timeline<SpotStatus>();
  /** what it brought */
  instance: { readonly id: string; stateAt(time: Date): InstanceState } | null = null;

  constructor(
    readonly id: string,
    readonly terms: SpotTerms,
    readonly createdAt: Date,
    tags: Tags,
  ) {
    this.tags.set(createdAt, tags);
  }

  private get persistent(): boolean {
    return this.terms.type === 'persistent';
  }

  /** Why Spot does not allow a change that an instance on demand could make. */
  refusal(change: Change, instanceId: string, now: Date): AwsError | null {
    const { state } = this.status.at(now) ?? {};
    if (change === 'stop' && !(this.persistent && state !== 'cancelled')) {
      return new AwsError(
        'UnsupportedOperation',
        `You can't stop the Spot Instance '${instanceId}' because it is associated with a ${this.persistent ? 'cancelled' : 'one-time'} Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
      );
    }
    if (change === 'start' && state !== 'disabled') {
      return new AwsError(
        'IncorrectSpotRequestState',
        `You can't start the Spot Instance '${instanceId}' because the associated Spot Instance request is not in an appropriate state to support start.`,
      );
    }
    return null;
  }

  started(now: Date): void {
    if (this.status.at(now)?.state === 'cancelled') return;
    this.status.set(now, { state: 'active', code: 'fulfilled' });
  }

  /** AWS takes its capacity back at a time: until then the request is marked. */
  mark(now: Date): void {
    const code = this.terms.onInterruption === 'stop' ? 'marked-for-stop' : 'marked-for-termination';
    this.status.set(now, { state: this.status.at(now)?.state ?? 'active', code });
  }

  /** The instance goes, from now to `done`, for a StateReason. */
  left(change: 'stop' | 'terminate', now: Date, done: Date, reason: string): void {
    const before = this.status.at(now)?.state;
    const by = reason.startsWith('Server.Spot') ? 'price' : 'user';
    const code = `instance-${change === 'stop' ? 'stopped' : 'terminated'}-by-${by}`;
    if (before === 'cancelled') return;
    if (change === 'stop') {
      // drops what was marked to come
      this.status.set(now, this.status.at(now) ?? { state: 'active', code: 'fulfilled' });
      this.status.set(done, { state: by === 'user' ? 'disabled' : 'open', code });
    }
    if (change === 'terminate') this.status.set(now, { state: this.persistent ? 'open' : 'closed', code });
  }

  cancel(now: Date): void {
    const { state } = this.status.at(now) ?? {};
    const running = this.instance?.stateAt(now) !== 'terminated';
    const code = running ? 'request-canceled-and-instance-running' : 'canceled-before-fulfillment';
    if (state !== 'closed') this.status.set(now, { state: 'cancelled', code });
  }
}
