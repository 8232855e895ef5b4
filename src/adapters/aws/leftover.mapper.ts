import { type Address, type Instance, type Tag, type Volume } from '@aws-sdk/client-ec2';
import { type Leftover } from '../../orphans';
import { INSTALLATION_TAG, MANAGED_BY, MANAGED_BY_TAG, WORKER_TAG } from '../../workers';

const UNSAID = {
  awsInstanceId: null,
  instanceType: null,
  sizeGiB: null,
  publicIp: null,
  since: null,
  clientToken: null,
};

/** None where the answer does not even say which one it is. */
export function ofInstance(instance: Instance): Leftover[] {
  const { InstanceId, State, InstanceType, PublicIpAddress, LaunchTime, ClientToken, Tags } = instance;
  if (!InstanceId) return [];
  const status = State?.Name ?? null;
  return [
    {
      ...UNSAID,
      ...taggedBy(Tags),
      resourceId: InstanceId,
      awsInstanceId: InstanceId,
      instanceType: InstanceType || null,
      publicIp: PublicIpAddress || null,
      since: LaunchTime ?? null,
      clientToken: ClientToken || null,
      status,
      isLoose: status !== 'shutting-down' && status !== 'terminated',
    },
  ];
}

export function ofVolume({ VolumeId, State, Size, CreateTime, Attachments, Tags }: Volume): Leftover[] {
  if (!VolumeId) return [];
  return [
    {
      ...UNSAID,
      ...taggedBy(Tags),
      resourceId: VolumeId,
      awsInstanceId: Attachments?.[0]?.InstanceId || null,
      sizeGiB: Size ?? null,
      since: CreateTime ?? null,
      status: State ?? null,
      isLoose: State === 'available',
    },
  ];
}

/** An address is in use as soon as it belongs to an instance or to a network interface. */
export function ofAddress(address: Address): Leftover[] {
  const { AllocationId, AssociationId, InstanceId, NetworkInterfaceId, PublicIp, Tags } = address;
  if (!AllocationId) return [];
  const isUsed = Boolean(AssociationId || InstanceId || NetworkInterfaceId);
  return [
    {
      ...UNSAID,
      ...taggedBy(Tags),
      resourceId: AllocationId,
      awsInstanceId: InstanceId || null,
      publicIp: PublicIp || null,
      status: isUsed ? 'associated' : 'not associated',
      isLoose: !isUsed,
    },
  ];
}

function taggedBy(tags: readonly Tag[] | undefined) {
  const valueOf = (key: string) => tags?.find(({ Key }) => Key === key)?.Value || null;
  return {
    isManaged: valueOf(MANAGED_BY_TAG) === MANAGED_BY,
    workerId: valueOf(WORKER_TAG),
    installationId: valueOf(INSTALLATION_TAG),
    name: valueOf('Name'),
  };
}
