import {
  type BlockDeviceMapping,
  type RunInstancesCommandInput,
  type Tag,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import {
  ComputeError,
  INSTALLATION_TAG,
  type LaunchSpec,
  type MachineImage,
  MANAGED_BY,
  MANAGED_BY_TAG,
  type RootVolume,
  WORKER_TAG,
} from '../../workers';

/**
 * The token that makes a launch one launch, however often it is sent. EC2 takes up to 64 characters: a UUID leaves 27
 * digits for the attempt.
 */
export function clientTokenOf({ workerId, attempt }: LaunchSpec): string {
  return `${workerId}-${attempt}`;
}

/** The tags that make an instance a worker's. */
export function ownerTags(workerId: string, installationId: string): Tag[] {
  return tagsOf({ [MANAGED_BY_TAG]: MANAGED_BY, [WORKER_TAG]: workerId, [INSTALLATION_TAG]: installationId });
}

/**
 * RunInstances in full. The tags are part of it, since an instance that was tagged afterwards would be nobody's if we
 * died in between.
 */
export function launchBody(spec: LaunchSpec, installationId: string): RunInstancesCommandInput {
  const { launch, placement, image, workerId } = spec;
  const { securityGroupIds, keyName, iamInstanceProfile, userData, market } = launch;
  const owner = ownerTags(workerId, installationId);
  const people = tagsOf(spec.tags).filter(({ Key }) => !owner.some((tag) => tag.Key === Key));
  const Tags = [...people, ...owner];
  const spot = market === 'spot';
  return {
    ClientToken: clientTokenOf(spec),
    MinCount: 1,
    MaxCount: 1,
    ImageId: image.amiId,
    InstanceType: placement.instanceType as RunInstancesCommandInput['InstanceType'],
    ...(placement.subnetId !== null && { SubnetId: placement.subnetId }),
    ...(securityGroupIds.length > 0 && { SecurityGroupIds: [...securityGroupIds] }),
    ...(keyName !== null && { KeyName: keyName }),
    ...(iamInstanceProfile !== null && { IamInstanceProfile: profileOf(iamInstanceProfile) }),
    ...(userData !== null && { UserData: Buffer.from(userData, 'utf8').toString('base64') }),
    ...(launch.rootVolume && { BlockDeviceMappings: [rootVolumeOf(launch.rootVolume, image)] }),
    ...(spot && { InstanceMarketOptions: STOPPABLE_SPOT }),
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    TagSpecifications: [
      { ResourceType: 'instance', Tags },
      { ResourceType: 'volume', Tags },
      ...(spot ? [{ ResourceType: 'spot-instances-request' as const, Tags }] : []),
    ],
  };
}

/** Only an instance of a persistent request can be stopped and started again (EC2 user guide, Spot). */
const STOPPABLE_SPOT: RunInstancesCommandInput['InstanceMarketOptions'] = {
  MarketType: 'spot',
  SpotOptions: { SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'stop' },
};

function profileOf(nameOrArn: string) {
  return nameOrArn.startsWith('arn:') ? { Arn: nameOrArn } : { Name: nameOrArn };
}

/** @throws ComputeError where EC2 did not say what the image calls its root volume, which the mapping must name */
function rootVolumeOf(volume: RootVolume, { amiId, rootDeviceName }: MachineImage): BlockDeviceMapping {
  if (rootDeviceName === null) {
    throw new ComputeError('rejected', 'InvalidAMIID.Unavailable', `Image ${amiId} has no root volume.`);
  }
  const { sizeGiB, volumeType, iops, throughputMiBps, encrypted, kmsKeyId, deleteOnTermination } = volume;
  return {
    DeviceName: rootDeviceName,
    Ebs: {
      DeleteOnTermination: deleteOnTermination,
      ...(sizeGiB !== null && { VolumeSize: sizeGiB }),
      ...(volumeType !== null && { VolumeType: volumeType as VolumeType }),
      ...(iops !== null && { Iops: iops }),
      ...(throughputMiBps !== null && { Throughput: throughputMiBps }),
      ...(encrypted !== null && { Encrypted: encrypted }),
      ...(kmsKeyId !== null && { KmsKeyId: kmsKeyId }),
    },
  };
}

/** As EC2 writes them. */
export function tagsOf(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
