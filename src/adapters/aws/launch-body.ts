import { type RunInstancesCommandInput, type Tag } from '@aws-sdk/client-ec2';
import { INSTALLATION_TAG, type LaunchSpec, MANAGED_BY, MANAGED_BY_TAG, WORKER_TAG } from '../../workers';

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
 * died in between. Volumes are as the image has them.
 */
export function launchBody(spec: LaunchSpec, installationId: string): RunInstancesCommandInput {
  const { workerId, name, instanceType, amiId, subnetId, securityGroupIds } = spec;
  const people = tagsOf({ ...spec.tags, Name: name });
  const owner = ownerTags(workerId, installationId);
  const Tags = [...people.filter(({ Key }) => !owner.some((tag) => tag.Key === Key)), ...owner];
  return {
    ClientToken: clientTokenOf(spec),
    MinCount: 1,
    MaxCount: 1,
    ImageId: amiId,
    InstanceType: instanceType as RunInstancesCommandInput['InstanceType'],
    ...(subnetId === null ? {} : { SubnetId: subnetId }),
    ...(securityGroupIds.length === 0 ? {} : { SecurityGroupIds: [...securityGroupIds] }),
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    TagSpecifications: [
      { ResourceType: 'instance', Tags },
      { ResourceType: 'volume', Tags },
    ],
  };
}

function tagsOf(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
