import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CancelSpotInstanceRequestsCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DeleteVolumeCommand,
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  ModifyInstanceAttributeCommand,
  ReleaseAddressCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type RegionClients } from '../aws-clients';
import { ownerTags } from '../launch-body';
import { NOTHING, type ProbeTarget } from './probe-target';

/** One thing that AWS must allow. */
export interface NeededRight {
  /** `ec2:RunInstances`; each statement of the policy that names it belongs to it */
  readonly action: string;
  /** what does not go without it */
  readonly purpose: string;
  /** `call`: sent for real, since it changes nothing; `dry-run`: AWS answers whether it would do it */
  readonly by: 'call' | 'dry-run';
  /** what it is tried on must be tagged as managed; null where it does not matter */
  readonly on: 'instance' | 'spot-request' | 'volume' | 'address' | null;
  readonly send: (clients: RegionClients, target: ProbeTarget, now: Date) => Promise<unknown>;
  /** where the call needs another right as well: that right, and the call without it */
  readonly alone?: {
    readonly other: string;
    readonly send: (clients: RegionClients, target: ProbeTarget) => Promise<unknown>;
  };
}

type Read = Omit<NeededRight, 'by' | 'on'>;

/** A few answers tell as much as all. */
const FEW = { MaxResults: 5 } as const;
const DRY = { DryRun: true } as const;
/** Only named in dry runs: nothing ever has it. */
const TAG = { Key: 'cml-fleet-doctor', Value: '' };

const read = (action: string, purpose: string, send: Read['send']): NeededRight => {
  return { action: `ec2:${action}`, purpose, by: 'call', on: null, send };
};
const change = (
  action: string,
  on: NeededRight['on'],
  purpose: string,
  send: (ec2: RegionClients['ec2'], target: ProbeTarget) => Promise<unknown>,
): NeededRight => ({
  ...{ action: `ec2:${action}`, purpose, by: 'dry-run', on },
  send: ({ ec2Once }, target) => send(ec2Once, target),
});
const idOf = ({ instance }: ProbeTarget) => instance?.id ?? NOTHING.instanceId;
const oneOf = (target: ProbeTarget) => ({ ...DRY, InstanceIds: [idOf(target)] });
const tagged = (target: ProbeTarget) => ({ ...DRY, Resources: [idOf(target)], Tags: [TAG] });

/** All rights that are needed in a region, in the order in which people read them. */
export const NEEDED_RIGHTS: readonly NeededRight[] = [
  read('DescribeInstances', 'nothing is known of instances', ({ ec2 }) =>
    ec2.send(new DescribeInstancesCommand(FEW)),
  ),
  read('DescribeInstanceStatus', "EC2's own checks and planned events are not known", ({ ec2 }) =>
    ec2.send(new DescribeInstanceStatusCommand(FEW)),
  ),
  read('DescribeImages', 'no worker can be created', ({ ec2 }) =>
    ec2.send(new DescribeImagesCommand({ Owners: ['self'] })),
  ),
  read('DescribeSubnets', 'subnets cannot be checked before a launch', ({ ec2 }) =>
    ec2.send(new DescribeSubnetsCommand(FEW)),
  ),
  read('DescribeVolumes', 'volumes that are left behind are not found', ({ ec2 }) =>
    ec2.send(new DescribeVolumesCommand(FEW)),
  ),
  read('DescribeAddresses', 'addresses that are left behind are not found', ({ ec2 }) =>
    ec2.send(new DescribeAddressesCommand({})),
  ),
  read('DescribeSpotInstanceRequests', 'that AWS takes a spot instance back is not seen', ({ ec2 }) =>
    ec2.send(new DescribeSpotInstanceRequestsCommand(FEW)),
  ),
  {
    ...{ action: 'cloudwatch:GetMetricData', purpose: 'CPU and memory are not known from CloudWatch' },
    ...{ by: 'call', on: null },
    send: ({ cloudWatch }, _target, now) => cloudWatch.send(new GetMetricDataCommand(oneMetric(now))),
  },
  {
    ...change('RunInstances', null, 'no worker is launched', (ec2, target) =>
      ec2.send(new RunInstancesCommand(launchOf(target))),
    ),
    alone: {
      other: 'ec2:CreateTags',
      send: ({ ec2Once }, target) => {
        const { TagSpecifications: _tags, ...untagged } = launchOf(target);
        return ec2Once.send(new RunInstancesCommand(untagged));
      },
    },
  },
  change('StartInstances', 'instance', 'no worker is started', (ec2, target) =>
    ec2.send(new StartInstancesCommand(oneOf(target))),
  ),
  change('StopInstances', 'instance', 'no worker is stopped, idle ones neither', (ec2, target) =>
    ec2.send(new StopInstancesCommand(oneOf(target))),
  ),
  change('TerminateInstances', 'instance', 'no worker is terminated', (ec2, target) =>
    ec2.send(new TerminateInstancesCommand(oneOf(target))),
  ),
  change(
    'CancelSpotInstanceRequests',
    'spot-request',
    'EC2 replaces terminated spot workers',
    (ec2, target) =>
      ec2.send(
        new CancelSpotInstanceRequestsCommand({
          ...DRY,
          SpotInstanceRequestIds: [target.spotRequestId ?? NOTHING.spotRequestId],
        }),
      ),
  ),
  change('ModifyInstanceAttribute', 'instance', 'the type of a worker cannot be changed', (ec2, target) => {
    const Value = target.instance?.instanceType ?? DEFAULT_TYPE;
    return ec2.send(
      new ModifyInstanceAttributeCommand({ ...DRY, InstanceId: idOf(target), InstanceType: { Value } }),
    );
  }),
  change(
    'CreateTags',
    'instance',
    'launches cannot tag, no instance is imported, and tags are not applied',
    (ec2, target) => ec2.send(new CreateTagsCommand(tagged(target))),
  ),
  change('DeleteTags', 'instance', 'tags are not taken off', (ec2, target) =>
    ec2.send(new DeleteTagsCommand(tagged(target))),
  ),
  change('DeleteVolume', 'volume', 'volumes that are left behind stay', (ec2, { volumeId }) =>
    ec2.send(new DeleteVolumeCommand({ ...DRY, VolumeId: volumeId ?? NOTHING.volumeId })),
  ),
  change('ReleaseAddress', 'address', 'addresses that are left behind stay', (ec2, { allocationId }) =>
    ec2.send(new ReleaseAddressCommand({ ...DRY, AllocationId: allocationId ?? NOTHING.allocationId })),
  ),
];

const DEFAULT_TYPE = 'c5.metal';

/** As launches are: tagged, and with what the policy's conditions ask for. */
function launchOf({ imageId, instance }: ProbeTarget): RunInstancesCommandInput {
  const type = instance?.instanceType ?? DEFAULT_TYPE;
  const Tags = ownerTags('doctor', 'doctor');
  return {
    ...{ ...DRY, MinCount: 1, MaxCount: 1, ImageId: imageId ?? NOTHING.imageId },
    InstanceType: type as RunInstancesCommandInput['InstanceType'],
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required' },
    TagSpecifications: [
      { ResourceType: 'instance', Tags },
      { ResourceType: 'volume', Tags },
    ],
  };
}

function oneMetric(now: Date) {
  const Metric = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' };
  return {
    StartTime: new Date(now.getTime() - 600_000),
    EndTime: now,
    MetricDataQueries: [{ Id: 'cpu', MetricStat: { Metric, Period: 300, Stat: 'Average' } }],
  };
}
