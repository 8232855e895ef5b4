import { HOUR, plus, SECOND } from '../../../kernel/clocks';
import { cmlBootMs, type Timings } from '../../simulator-options';
import { Timeline } from '../../timeline';
import { AwsError } from '../aws-error';
import { type Image } from './images';
import { InstanceHealth } from './instance-health';
import { type Change, type InstanceState, REACTIONS, reasonOf, type StateReason } from './instance-state';
import { type SpotRequest } from './spot-request';
import { type Tags } from './tags';
import { type Volume } from './volumes';

/** What a launch fixes for ever. */
export interface LaunchFacts {
  readonly id: string;
  readonly reservationId: string;
  readonly ownerId: string;
  readonly region: string;
  readonly image: Image;
  readonly clientToken: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly privateIp: string;
  readonly keyName: string | null;
  readonly securityGroupIds: readonly string[];
  readonly httpTokens: string;
  readonly iamProfileArn: string | null;
  /** base64, as it was given; the root of the machine can read it, DescribeInstances does not show it */
  readonly userData: string | null;
  /** what a shutdown from inside comes to */
  readonly onShutdown: 'stop' | 'terminate';
  readonly createdAt: Date;
}

/** What starts and stops change. */
export interface InstanceFacts {
  readonly state: InstanceState;
  readonly publicIp: string | null;
  /** the last start, as EC2's LaunchTime */
  readonly launchedAt: Date;
  readonly reason: StateReason | null;
}

/** What a new instance has besides what is fixed for ever. */
export interface InstanceParts {
  readonly publicIp: string | null;
  readonly tags: Tags;
  readonly type: string;
  readonly spot: SpotRequest | null;
}

const BOOT_FAILS_AFTER = 5 * SECOND;

export class Ec2Instance {
  readonly facts = new Timeline<InstanceFacts>();
  readonly tags = new Timeline<Tags>();
  /** `m5zn.metal`; changes only while stopped */
  readonly type = new Timeline<string>();
  /** set at the launch or by a person in the console; a protected instance answers OperationNotPermitted */
  readonly protection = { stop: false, termination: false };
  readonly health = new InstanceHealth();
  /** null: on demand */
  readonly spot: SpotRequest | null;
  /** the root volume first */
  volumes: readonly Volume[] = [];
  private hangs = false;

  constructor(
    readonly launch: LaunchFacts,
    private readonly timings: Timings,
    now: Date,
    { publicIp, tags, type, spot }: InstanceParts,
  ) {
    this.spot = spot;
    this.tags.set(now, tags);
    this.type.set(now, type);
    this.boot(now, publicIp);
  }

  get id(): string {
    return this.launch.id;
  }

  stateAt(time: Date): InstanceState {
    return this.facts.at(time)?.state ?? 'terminated';
  }

  /** The facts at a time; null before the launch and once EC2 has forgotten the terminated instance. */
  seenAt(time: Date): InstanceFacts | null {
    const last = this.facts.stepAt(time);
    if (last?.value.state === 'terminated' && plus(last.at, HOUR) <= time) return null;
    return last?.value ?? null;
  }

  /** IncorrectInstanceState, OperationNotPermitted or what Spot forbids, where a change cannot be made now; else null. */
  refusal(change: Change, now: Date, force = false): AwsError | null {
    const state = this.stateAt(now);
    if (REACTIONS[change][state] === 'refuse') {
      return new AwsError(
        'IncorrectInstanceState',
        `The instance '${this.id}' is not in a state from which it can be ${change === 'start' ? 'started' : 'stopped'}.`,
      );
    }
    if (change === 'stop' && !force && !this.hasRun(now)) {
      return new AwsError(
        'IncorrectInstanceState',
        `The instance '${this.id}' has never reached the 'running' state and so cannot be stopped.`,
      );
    }
    const { stop, termination } = this.protection;
    if (change === 'stop' && stop) return this.forbidden('stopped', 'disableApiStop');
    if (change === 'terminate' && stop) return this.forbidden('terminated', 'disableApiStop');
    if (change === 'terminate' && termination) return this.forbidden('terminated', 'disableApiTermination');
    return REACTIONS[change][state] === 'go' ? (this.spot?.refusal(change, this.id, now) ?? null) : null;
  }

  /**
   * Makes a change that `refusal` has nothing against; where it is made already, nothing happens, but that force ends
   * a stop that hangs.
   */
  apply(change: Change, now: Date, newPublicIp: () => string, force = false): void {
    const facts = this.facts.at(now);
    if (!facts) return;
    if (change === 'stop' && force && this.hangs) {
      this.hangs = false;
      if (facts.state === 'stopping') this.leave(now, facts, 'stop', facts.reason?.code);
    }
    if (REACTIONS[change][facts.state] !== 'go') return;
    if (change === 'start') this.boot(now, newPublicIp());
    else this.leave(now, facts, change);
  }

  /** Stops or ends a running instance without a call of the API, now or at a time to come. */
  goAway(change: 'stop' | 'terminate', at: Date, reason: string): void {
    const facts = this.facts.at(at);
    if (facts && REACTIONS[change][facts.state] === 'go') this.leave(at, facts, change, reason);
  }

  /** Restarts the machine of a running instance at a time: it keeps its state and its addresses. */
  reboot(at: Date): void {
    const facts = this.facts.at(at);
    if (facts?.state === 'running') this.facts.set(at, { ...facts });
  }

  /** Lets the stop that is under way, or else the next one, never end: until it is forced, or the instance terminated. */
  hangStopping(now: Date): void {
    const facts = this.facts.at(now);
    this.hangs = true;
    if (facts?.state === 'stopping') this.facts.set(now, facts);
  }

  /** Lets the boot that is under way end badly: a first one in `terminated`, a later one in `stopped`. */
  failBoot(code: string, now: Date): void {
    const facts = this.facts.at(now);
    if (facts?.state !== 'pending') return;
    const state = this.hasRun(now) ? 'stopped' : 'terminated';
    this.facts.set(plus(now, BOOT_FAILS_AFTER), { ...facts, state, publicIp: null, reason: reasonOf(code) });
  }

  /** @throws AwsError IncorrectInstanceState unless the instance is stopped; UnsupportedOperation for Spot */
  changeType(type: string, now: Date): void {
    if (this.facts.at(now)?.state !== 'stopped') {
      throw new AwsError(
        'IncorrectInstanceState',
        `The instance '${this.id}' is not in the 'stopped' state.`,
      );
    }
    if (this.spot) {
      throw new AwsError('UnsupportedOperation', 'The instance type of a Spot Instance cannot be changed.');
    }
    this.type.set(now, type);
  }

  private boot(now: Date, publicIp: string | null): void {
    const metal = this.type.at(now)?.endsWith('.metal');
    const seconds = metal ? this.timings.metalBootSeconds : this.timings.bootSeconds;
    const facts = { publicIp, launchedAt: now, reason: null };
    this.facts.set(now, { ...facts, state: 'pending' });
    const first = !this.hasRun(now);
    const running = plus(now, seconds * SECOND);
    this.facts.set(running, { ...facts, state: 'running' });
    const { firstBootRebootSeconds } = this.timings;
    if (first && firstBootRebootSeconds > 0 && this.launch.image.cmlVersion !== null) {
      // Cloud-init ends the installation of CML with it, from inside the machine.
      const ready = plus(running, cmlBootMs(this.timings, this.type.at(now)));
      this.facts.set(plus(ready, firstBootRebootSeconds * SECOND), { ...facts, state: 'running' });
    }
    this.health.restore(now);
    this.spot?.started(now);
  }

  private leave(
    now: Date,
    facts: InstanceFacts,
    change: 'stop' | 'terminate',
    code = 'Client.UserInitiatedShutdown',
  ): void {
    const reason = reasonOf(code);
    const stops = change === 'stop';
    const seconds = stops ? this.timings.stopSeconds : this.timings.terminateSeconds;
    const done = plus(now, seconds * SECOND);
    this.facts.set(now, { ...facts, state: stops ? 'stopping' : 'shutting-down', reason });
    this.health.forgetEvents(now);
    this.spot?.left(change, now, done, code);
    if (stops && this.hangs) return;
    this.facts.set(done, { ...facts, state: stops ? 'stopped' : 'terminated', publicIp: null, reason });
  }

  private forbidden(what: string, attribute: string): AwsError {
    return new AwsError(
      'OperationNotPermitted',
      `The instance '${this.id}' may not be ${what}. Modify its '${attribute}' instance attribute and try again.`,
    );
  }

  private hasRun(now: Date): boolean {
    return this.facts.until(now).some((step) => step.value.state === 'running');
  }
}
