import {
  DeleteVolumeCommand,
  DescribeAddressesCommand,
  DescribeInstanceTypesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  ReleaseAddressCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { REGION, type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

async function volumes(filter?: [string, string]) {
  const Filters = filter ? [{ Name: filter[0], Values: [filter[1]] }] : undefined;
  return (await fleet.ec2().send(new DescribeVolumesCommand({ Filters }))).Volumes ?? [];
}

describe('volumes', () => {
  it('outlive their instance where they are told to', async () => {
    const Tags = [{ Key: 'managed-by', Value: 'cml-fleet' }];
    const id = await fleet.launch('w', {
      BlockDeviceMappings: [
        { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 100, Encrypted: true } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 500, DeleteOnTermination: false } },
      ],
      TagSpecifications: [
        { ResourceType: 'instance', Tags },
        { ResourceType: 'volume', Tags },
      ],
    });
    fleet.seconds(2);
    const [instance] = await fleet.describe({ InstanceIds: [id] });
    expect(
      instance?.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.DeleteOnTermination]),
    ).toEqual([
      ['/dev/sda1', true],
      ['/dev/sdf', false],
    ]);
    expect(await volumes(['attachment.instance-id', id])).toMatchObject([
      { Size: 100, Encrypted: true, State: 'in-use', Tags },
      { Size: 500, State: 'in-use', Attachments: [{ InstanceId: id, DeleteOnTermination: false }], Tags },
    ]);
    await fleet.ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(32);
    const left = await volumes(['tag:managed-by', 'cml-fleet']);
    expect(left).toMatchObject([{ Size: 500, State: 'available', Attachments: [] }]);
    const remove = new DeleteVolumeCommand({ VolumeId: left[0]?.VolumeId });
    await fleet.ec2().send(remove);
    await expect(fleet.ec2().send(remove)).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
    fleet.seconds(2);
    expect(await volumes()).toEqual([]);
  });

  it('cannot be deleted while an instance has them', async () => {
    const id = await fleet.launch('w');
    fleet.seconds(2);
    const [volume] = await volumes();
    const remove = new DeleteVolumeCommand({ VolumeId: volume?.VolumeId });
    await expect(fleet.ec2().send(remove)).rejects.toMatchObject({
      name: 'VolumeInUse',
      message: `Volume ${volume?.VolumeId} is currently attached to ${id}`,
    });
  });
});

it('addresses are there until they are released', async () => {
  const address = fleet.world.region(REGION)?.leaveAddress(new Map([['managed-by', 'cml-fleet']]));
  fleet.seconds(2);
  const Filters = [{ Name: 'tag:managed-by', Values: ['*'] }];
  const list = async () => (await fleet.ec2().send(new DescribeAddressesCommand({ Filters }))).Addresses;
  expect(await list()).toMatchObject([{ AllocationId: address?.id, PublicIp: address?.publicIp }]);
  const release = new ReleaseAddressCommand({ AllocationId: address?.id });
  await fleet.ec2().send(release);
  fleet.seconds(2);
  expect(await list()).toEqual([]);
  await expect(fleet.ec2().send(release)).rejects.toMatchObject({ name: 'InvalidAllocationID.NotFound' });
});

it('subnets stand in three zones and count their free addresses', async () => {
  const list = async () => (await fleet.ec2().send(new DescribeSubnetsCommand({}))).Subnets ?? [];
  const before = await list();
  expect(before.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
    `${REGION}a`,
    `${REGION}b`,
    `${REGION}c`,
  ]);
  const id = await fleet.launch('w', { SubnetId: before[1]?.SubnetId });
  fleet.seconds(2);
  expect(await fleet.describe({ InstanceIds: [id] })).toMatchObject([
    { SubnetId: before[1]?.SubnetId, VpcId: before[1]?.VpcId, Placement: { AvailabilityZone: `${REGION}b` } },
  ]);
  expect((await list()).map(({ AvailableIpAddressCount }) => AvailableIpAddressCount)).toEqual([
    16379, 16378, 16379,
  ]);
  const unknown = { SubnetId: 'subnet-0000000000000000a' };
  await expect(fleet.launch('w', unknown)).rejects.toMatchObject({ name: 'InvalidSubnetID.NotFound' });
});

it('security groups and instance types can be looked up', async () => {
  const groups = await fleet.ec2().send(new DescribeSecurityGroupsCommand({ MaxResults: 5 }));
  expect(groups.SecurityGroups?.map(({ GroupName }) => GroupName)).toEqual(['default', 'cml']);
  const metal = new DescribeInstanceTypesCommand({ InstanceTypes: ['m5zn.metal'] });
  expect((await fleet.ec2().send(metal)).InstanceTypes).toMatchObject([
    { BareMetal: true, VCpuInfo: { DefaultVCpus: 48 }, MemoryInfo: { SizeInMiB: 196_608 } },
  ]);
  const unknown = new DescribeInstanceTypesCommand({ InstanceTypes: ['m1.nano' as 'm5.metal'] });
  await expect(fleet.ec2().send(unknown)).rejects.toMatchObject({ name: 'InvalidInstanceType' });
});
