import { type Ec2Values, type Observation, observed } from './observation';

/** EC2 told about the instance. `begunAt` (fleet time) is when the reading was begun. */
export function instanceSeen(
  before: Observation<'ec2'> | undefined,
  workerId: string,
  seen: Omit<Ec2Values, 'missingSince'>,
  begunAt: Date,
  sweepId: string | null,
): Observation<'ec2'> {
  const { status, publicIp, privateIp, instanceType } = seen;
  const values = { status, publicIp, privateIp, instanceType, missingSince: null };
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
  return observed(before, workerId, 'ec2', { ...nothing, missingSince }, begunAt, sweepId);
}

/** Until when EC2 told what state the instance is in; null if it never did. */
export function lastToldAt(observation: Observation<'ec2'> | undefined): Date | null {
  return observation?.values?.missingSince ?? observation?.observedAt ?? null;
}
