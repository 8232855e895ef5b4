import { HOUR, plus, SECOND } from '../../../kernel/clocks';
import { type Timings } from '../../simulator-options';
import { Timeline } from '../../timeline';
import { AwsError } from '../aws-error';
import { type Image } from './images';

/** Name and code of an instance's state, as EC2 numbers them. */
export const STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;
export type InstanceState = keyof typeof STATE_CODES;

/** What a launch fixes for ever. */
export interface LaunchFacts {
  readonly id: string;
  readonly reservationId: string;
  readonly volumeId: string;
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
  readonly createdAt: Date;
}

interface StateReason {
  readonly code: string;
  readonly message: string;
}

/** What starts and stops change. */
export interface InstanceFacts {
  readonly state: InstanceState;
  readonly publicIp: string | null;
  /** the last start, as EC2's LaunchTime */
  readonly launchedAt: Date;
  readonly reason: StateReason | null;
}

export type Tags = ReadonlyMap<string, string>;
export type Change = 'start' | 'stop' | 'terminate';

/** Whether a change goes ahead, is a success without effect, or answers IncorrectInstanceState. */
const REACTIONS: Record<Change, Record<InstanceState, 'go' | 'already' | 'refuse'>> = {
  start: {
    pending: 'already',
    running: 'already',
    'shutting-down': 'refuse',
    terminated: 'refuse',
    stopping: 'refuse',
    stopped: 'go',
  },
  stop: {
    pending: 'go',
    running: 'go',
    'shutting-down': 'refuse',
    terminated: 'refuse',
    stopping: 'already',
    stopped: 'already',
  },
  terminate: {
    pending: 'go',
    running: 'go',
    'shutting-down': 'already',
    terminated: 'already',
    stopping: 'go',
    stopped: 'go',
  },
};

const BY_USER: StateReason = {
  code: 'Client.UserInitiatedShutdown',
  message: 'Client.UserInitiatedShutdown: User initiated shutdown',
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html */
const BOOT_FAILURES: Readonly<Record<string, string>> = {
  'Server.InsufficientInstanceCapacity':
    'There was insufficient capacity available to satisfy the launch request',
  'Server.InternalError': 'An internal error caused the instance to terminate during launch',
  'Client.InternalError': 'Client error on launch',
  'Client.VolumeLimitExceeded': 'Volume limit exceeded',
  'Client.InvalidSnapshot.NotFound': 'The specified snapshot was not found',
};
const BOOT_FAILS_AFTER = 5 * SECOND;

export class Ec2Instance {
  readonly facts = new Timeline<InstanceFacts>();
  readonly tags = new Timeline<Tags>();
  /** `m5zn.metal`; changes only while stopped */
  readonly type = new Timeline<string>();
  /** set at the launch or by a person in the console; a protected instance answers OperationNotPermitted */
  readonly protection = { stop: false, termination: false };

  constructor(
    readonly launch: LaunchFacts,
    private readonly timings: Timings,
    now: Date,
    publicIp: string | null,
    { tags, type }: { readonly tags: Tags; readonly type: string },
  ) {
    this.tags.set(now, tags);
    this.type.set(now, type);
    this.boot(now, publicIp);
  }

  get id(): string {
    return this.launch.id;
  }

  /** The facts at a time; null before the launch and once EC2 has forgotten the terminated instance. */
  seenAt(time: Date): InstanceFacts | null {
    const last = this.facts.stepAt(time);
    if (last?.value.state === 'terminated' && plus(last.at, HOUR) <= time) return null;
    return last?.value ?? null;
  }

  /** IncorrectInstanceState or OperationNotPermitted, where a change cannot be made now; else null. */
  refusal(change: Change, now: Date, force = false): AwsError | null {
    const state = this.facts.at(now)?.state ?? 'terminated';
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
    return null;
  }

  /** Makes a change that `refusal` has nothing against; where it is made already, nothing happens. */
  apply(change: Change, now: Date, newPublicIp: () => string): void {
    const facts = this.facts.at(now);
    if (!facts || REACTIONS[change][facts.state] !== 'go') return;
    if (change === 'start') this.boot(now, newPublicIp());
    else if (change === 'stop') this.leave(now, facts, 'stopping', 'stopped', this.timings.stopSeconds);
    else this.leave(now, facts, 'shutting-down', 'terminated', this.timings.terminateSeconds);
  }

  /** Lets the boot that is under way end badly: a first one in `terminated`, a later one in `stopped`. */
  failBoot(code: string, now: Date): void {
    const facts = this.facts.at(now);
    if (facts?.state !== 'pending') return;
    const state = this.hasRun(now) ? 'stopped' : 'terminated';
    const reason = { code, message: `${code}: ${BOOT_FAILURES[code] ?? 'The instance did not start'}` };
    this.facts.set(plus(now, BOOT_FAILS_AFTER), { ...facts, state, publicIp: null, reason });
  }

  /** @throws AwsError IncorrectInstanceState unless the instance is stopped */
  changeType(type: string, now: Date): void {
    if (this.facts.at(now)?.state !== 'stopped') {
      throw new AwsError(
        'IncorrectInstanceState',
        `The instance '${this.id}' is not in the 'stopped' state.`,
      );
    }
    this.type.set(now, type);
  }

  private boot(now: Date, publicIp: string | null): void {
    const metal = this.type.at(now)?.endsWith('.metal');
    const seconds = metal ? this.timings.metalBootSeconds : this.timings.bootSeconds;
    const facts = { publicIp, launchedAt: now, reason: null };
    this.facts.set(now, { ...facts, state: 'pending' });
    this.facts.set(plus(now, seconds * SECOND), { ...facts, state: 'running' });
  }

  private leave(
    now: Date,
    facts: InstanceFacts,
    via: InstanceState,
    to: InstanceState,
    seconds: number,
  ): void {
    this.facts.set(now, { ...facts, state: via, reason: BY_USER });
    this.facts.set(plus(now, seconds * SECOND), { ...facts, state: to, publicIp: null, reason: BY_USER });
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
