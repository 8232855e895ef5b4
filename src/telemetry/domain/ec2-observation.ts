import { type Ec2Values, type Observation, observed } from './observation';

/** What EC2 told about an instance. `health` and `interruption` are null where it did not say. */
export interface SeenInstance extends Pick<Ec2Values, 'status' | 'publicIp' | 'privateIp' | 'instanceType'> {
  readonly health: {
    readonly checks: NonNullable<Ec2Values['checks']>;
    readonly scheduledEvents: NonNullable<Ec2Values['scheduledEvents']>;
  } | null;
  readonly interruption: Ec2Values['interruption'];
}

type Health = Pick<Ec2Values, 'checks' | 'scheduledEvents' | 'healthReadAt' | 'interruption'>;

const NO_HEALTH: Health = { checks: null, scheduledEvents: null, healthReadAt: null, interruption: null };

/** EC2 told about the instance. `begunAt` (fleet time) is when the reading was begun. */
export function instanceSeen(
  before: Observation<'ec2'> | undefined,
  workerId: string,
  seen: SeenInstance,
  begunAt: Date,
  sweepId: string | null,
): Observation<'ec2'> {
  const { status, publicIp, privateIp, instanceType } = seen;
  const health = healthAfter(before, seen);
  const values = { status, publicIp, privateIp, instanceType, missingSince: null, ...health };
  return observed(before, workerId, 'ec2', values, begunAt, sweepId);
}

/** EC2 said that it does not know the instance: since when is kept from the first time on, until it is seen again. */
export function instanceMissing(
  before: Observation<'ec2'> | undefined,
  workerId: string,
  begunAt: Date,
  sweepId: string | null,
): Observation<'ec2'> {
  const missingSince = before?.values?.missingSince ?? begunAt;
  const nothing = { status: 'UNKNOWN', publicIp: null, privateIp: null, instanceType: null };
  return observed(before, workerId, 'ec2', { ...nothing, missingSince, ...NO_HEALTH }, begunAt, sweepId);
}

/** Until when EC2 told what state the instance is in; null if it never did. */
export function lastToldAt(observation: Observation<'ec2'> | undefined): Date | null {
  return observation?.values?.missingSince ?? observation?.observedAt ?? null;
}

/**
 * EC2 checks what runs, and each run anew. While it runs, what was not read this time wipes nothing, but keeps its own
 * time; and an interruption once announced stands.
 */
function healthAfter(
  before: Observation<'ec2'> | undefined,
  { status, health, interruption }: SeenInstance,
): Health {
  const known = before?.values?.status === status ? before.values : null;
  const announced = interruption ?? known?.interruption ?? null;
  if (status !== 'RUNNING') return { ...NO_HEALTH, interruption: announced };
  if (health) {
    const { checks, scheduledEvents } = health;
    return { checks, scheduledEvents, healthReadAt: null, interruption: announced };
  }
  const { checks = null, scheduledEvents = null } = known ?? {};
  const healthReadAt = checks ? (known?.healthReadAt ?? before?.observedAt ?? null) : null;
  return { checks, scheduledEvents, healthReadAt, interruption: announced };
}
