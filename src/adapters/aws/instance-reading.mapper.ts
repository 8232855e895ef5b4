import { type Instance, type InstanceState, type Reservation } from '@aws-sdk/client-ec2';
import { type CMLWorkerStatus, type InstanceReading, STATUS_OF_EC2_STATE } from '../../workers';

/** The lower byte of a state's code; the upper one is AWS's own and to be ignored. */
const STATE_OF_CODE: Readonly<Record<number, string>> = {
  0: 'pending',
  16: 'running',
  32: 'shutting-down',
  48: 'terminated',
  64: 'stopping',
  80: 'stopped',
};

/** Our status of a state that EC2 answered; UNKNOWN for none, and for one that we do not know. */
export function statusOf(state: InstanceState | undefined): CMLWorkerStatus {
  const name = state?.Code === undefined ? state?.Name : STATE_OF_CODE[state.Code & 255];
  return STATUS_OF_EC2_STATE[name ?? ''] ?? 'UNKNOWN';
}

/** All instances of an answer of DescribeInstances, which nests them by launch. */
export function readingsOf(reservations: readonly Reservation[] | undefined): InstanceReading[] {
  return (reservations ?? []).flatMap(({ OwnerId, Instances }) =>
    (Instances ?? []).flatMap((instance) => readingOf(instance, OwnerId) ?? []),
  );
}

/** One instance; null where the answer does not even say which. Empty texts are what EC2 did not say. */
export function readingOf(instance: Instance, ownerId: string | undefined): InstanceReading | null {
  const { InstanceId, State, StateReason, LaunchTime, Tags } = instance;
  if (!InstanceId) return null;
  return {
    instanceId: InstanceId,
    status: statusOf(State),
    accountId: ownerId || null,
    instanceType: instance.InstanceType || null,
    amiId: instance.ImageId || null,
    publicIp: instance.PublicIpAddress || null,
    privateIp: instance.PrivateIpAddress || null,
    launchedAt: LaunchTime ?? null,
    stateReason: StateReason?.Code
      ? { code: StateReason.Code, message: StateReason.Message ?? StateReason.Code }
      : null,
    clientToken: instance.ClientToken || null,
    market: instance.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    health: null,
    interruption: null,
    tags: Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}
