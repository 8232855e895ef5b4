import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeSpotInstanceRequestsCommand,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import { type EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { MANAGED_BY, MANAGED_BY_TAG } from '../../../workers';

/** What rights are tried on. Each is a managed thing where there is one: rights that hang on the tag need it. */
export interface ProbeTarget {
  readonly instance: FoundInstance | null;
  readonly spotRequestId: string | null;
  readonly volumeId: string | null;
  readonly allocationId: string | null;
  readonly imageId: string | null;
}

export interface FoundInstance {
  readonly id: string;
  readonly instanceType: string;
}

/** Well-formed ids that AWS never gave to anything. */
export const NOTHING = {
  instanceId: 'i-00000000000000000',
  spotRequestId: 'sir-00000000',
  volumeId: 'vol-00000000000000000',
  allocationId: 'eipalloc-00000000000000000',
  imageId: 'ami-00000000000000000',
} as const;

const MANAGED = { Name: `tag:${MANAGED_BY_TAG}`, Values: [MANAGED_BY] };

/** Looks for what the rights of a region can be tried on; what may not be read is not found. */
export async function findTarget(ec2: EC2Client): Promise<ProbeTarget> {
  const instance = await orNull(() => managedInstance(ec2));
  const allocationId = await orNull(async () => {
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({ Filters: [MANAGED] }));
    return Addresses?.[0]?.AllocationId ?? null;
  });
  const spotRequestId = await orNull(async () => {
    const living = { Name: 'state', Values: ['open', 'active', 'disabled'] };
    const input = { Filters: [MANAGED, living] };
    const { SpotInstanceRequests } = await ec2.send(new DescribeSpotInstanceRequestsCommand(input));
    return SpotInstanceRequests?.[0]?.SpotInstanceRequestId ?? null;
  });
  const imageId = instance?.ImageId ?? (await orNull(() => someImage(ec2)));
  const { InstanceId, InstanceType } = instance ?? {};
  return {
    instance: InstanceId && InstanceType ? { id: InstanceId, instanceType: InstanceType } : null,
    spotRequestId,
    volumeId: instance?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId ?? null,
    ...{ allocationId, imageId },
  };
}

async function managedInstance(client: EC2Client): Promise<Instance | null> {
  const living = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };
  for await (const page of paginateDescribeInstances({ client }, { Filters: [MANAGED, living] })) {
    const found = page.Reservations?.flatMap(({ Instances }) => Instances ?? [])[0];
    if (found) return found;
  }
  return null;
}

/** One of the account's own, or else one of Amazon's: which one does not matter. */
async function someImage(ec2: EC2Client): Promise<string | null> {
  const available = { Name: 'state', Values: ['available'] };
  const amazons = { Name: 'name', Values: ['al2023-ami-minimal-*-x86_64'] };
  const own = await ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters: [available] }));
  if (own.Images?.[0]?.ImageId) return own.Images[0].ImageId;
  const input = { Owners: ['amazon'], Filters: [available, amazons] };
  return (await ec2.send(new DescribeImagesCommand(input))).Images?.[0]?.ImageId ?? null;
}

/** A look that fails finds nothing; why it failed is told where the right itself is tried. */
async function orNull<T>(look: () => Promise<T | null>): Promise<T | null> {
  try {
    return await look();
  } catch {
    return null;
  }
}
