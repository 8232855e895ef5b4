import { type FaultTarget } from '../../faults/fault-target';
import { AwsError } from '../aws-error';
import { type LaunchRequest } from '../model/launch-request';
import { type Region } from '../model/region';
import { type SpotTerms } from '../model/spot-request';
import { type Tags, withTags } from '../model/tags';
import { ROOT_DEVICE, ROOT_VOLUME, type VolumeSpec } from '../model/volumes';
import { type QueryParams } from '../wire/query-params';
import { items } from '../wire/xml';
import { type Ec2Action } from './ec2-action';
import { instanceXml, reservationXml } from './instance-xml';

const MAX_TOKEN_LENGTH = 64;

export const runInstances: Ec2Action = ({ world, region, params, strike }) => {
  const request = launchRequest(params, region, () => world.newId());
  const instances = region.run(request, strike.bootFails);
  const [first] = instances;
  if (!first) throw new AwsError('InvalidParameterValue', 'MaxCount must be above 0.');
  // The answer of RunInstances shows the instances at once, before any read does.
  const described = items(instances, (instance) => {
    const facts = instance.facts.at(region.now);
    return facts ? instanceXml(instance, facts, region.now) : undefined;
  });
  return reservationXml(first, described);
};

function launchRequest(params: QueryParams, region: Region, newToken: () => string): LaunchRequest {
  const clientToken = params.get('ClientToken') ?? newToken();
  if (clientToken.length > MAX_TOKEN_LENGTH) {
    throw new AwsError('InvalidParameterValue', 'Value for parameter clientToken is too long.');
  }
  const networkInterface = params.within('NetworkInterface.1');
  const { subnetId, zone } = namedPlace(params);
  const ownGroups = networkInterface.list('SecurityGroupId');
  return {
    clientToken,
    count: countOf(params),
    image: imageOf(params, region),
    type: params.get('InstanceType') ?? 'm1.small',
    named: subnetId ?? zone,
    placement: region.network.place(subnetId, zone),
    publicAddress: networkInterface.get('AssociatePublicIpAddress') !== 'false',
    keyName: params.get('KeyName'),
    securityGroupIds: ownGroups.length > 0 ? ownGroups : params.list('SecurityGroupId'),
    httpTokens: params.get('MetadataOptions.HttpTokens') ?? 'optional',
    iamProfileArn: profileArn(params.within('IamInstanceProfile'), region.ownerId),
    userData: params.get('UserData'),
    onShutdown: params.get('InstanceInitiatedShutdownBehavior') === 'terminate' ? 'terminate' : 'stop',
    volumes: volumesOf(params),
    spot: spotOf(params.within('InstanceMarketOptions')),
    tags: tagsFor('instance', params),
    volumeTags: tagsFor('volume', params),
    spotTags: tagsFor('spot-instances-request', params),
    stopProtection: params.flag('DisableApiStop'),
    terminationProtection: params.flag('DisableApiTermination'),
    fingerprint: JSON.stringify(params.without('ClientToken', 'DryRun')),
  };
}

/** What a launch would make, as far as the call tells, for the fault rules and the caller's rights. */
export function launchTarget(params: QueryParams, region: Region): FaultTarget {
  const { subnetId, zone } = namedPlace(params);
  const known = region.network.find(subnetId, zone);
  return {
    id: null,
    tags: tagsOf(tagsGiven('instance', params)),
    type: params.get('InstanceType'),
    subnetId: known?.id ?? subnetId,
    availabilityZone: known?.availabilityZone ?? zone,
  };
}

function namedPlace(params: QueryParams): { subnetId: string | null; zone: string | null } {
  const subnetId = params.get('NetworkInterface.1.SubnetId') ?? params.get('SubnetId');
  return { subnetId, zone: params.get('Placement.AvailabilityZone') };
}

function imageOf(params: QueryParams, region: Region) {
  const id = params.get('ImageId');
  if (!id) throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
  if (!/^ami-[0-9a-f]{8,17}$/.test(id)) {
    throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  }
  const image = region.images.find((candidate) => candidate.id === id);
  if (!image) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

function countOf(params: QueryParams): number {
  const [min, max] = [Number(params.get('MinCount')), Number(params.get('MaxCount'))];
  if (!(min >= 1 && max >= min)) {
    throw new AwsError('InvalidParameterValue', 'MinCount must be above 0 and not above MaxCount.');
  }
  return max;
}

function profileArn(profile: QueryParams, accountId: string): string | null {
  const name = profile.get('Name');
  return profile.get('Arn') ?? (name && `arn:aws:iam::${accountId}:instance-profile/${name}`);
}

/** The root volume of the image, as far as the call does not change it, and what it adds. */
function volumesOf(params: QueryParams): VolumeSpec[] {
  const given = params.structures('BlockDeviceMapping').map((mapping): VolumeSpec => {
    const ebs = mapping.within('Ebs');
    return {
      deviceName: mapping.get('DeviceName') ?? ROOT_DEVICE,
      sizeGiB: Number(ebs.get('VolumeSize') ?? ROOT_VOLUME.sizeGiB),
      type: ebs.get('VolumeType') ?? ROOT_VOLUME.type,
      encrypted: ebs.flag('Encrypted'),
      deleteOnTermination: ebs.get('DeleteOnTermination') !== 'false',
    };
  });
  const root = given.find(({ deviceName }) => deviceName === ROOT_DEVICE) ?? ROOT_VOLUME;
  return [root, ...given.filter((spec) => spec !== root)];
}

function spotOf(market: QueryParams): SpotTerms | null {
  if (market.get('MarketType') !== 'spot') return null;
  const type = market.get('SpotOptions.SpotInstanceType') === 'persistent' ? 'persistent' : 'one-time';
  const onInterruption =
    market.get('SpotOptions.InstanceInterruptionBehavior') === 'stop' ? 'stop' : 'terminate';
  if (type === 'one-time' && onInterruption === 'stop') {
    throw new AwsError(
      'InvalidParameterCombination',
      "The interruption behavior 'stop' needs a persistent Spot request.",
    );
  }
  return { type, onInterruption };
}

/** @throws AwsError InvalidParameterValue, TagLimitExceeded */
function tagsFor(resource: string, params: QueryParams): Tags {
  return withTags(null, tagsOf(tagsGiven(resource, params)));
}

function tagsGiven(resource: string, params: QueryParams): readonly QueryParams[] {
  return params
    .structures('TagSpecification')
    .filter((candidate) => candidate.get('ResourceType') === resource)
    .flatMap((specification) => specification.structures('Tag'));
}

/** `Tag.n.Key` and `Tag.n.Value` as a map. */
export function tagsOf(tags: readonly QueryParams[]): Tags {
  return new Map(tags.map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? '']));
}
