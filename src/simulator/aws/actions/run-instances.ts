import { type FaultTarget } from '../../faults/fault-target';
import { AwsError } from '../aws-error';
import { type Ec2Action } from './ec2-action';
import { type Tags } from '../model/ec2-instance';
import { instanceXml, reservationXml } from './instance-xml';
import { type QueryParams } from '../wire/query-params';
import { type LaunchRequest, type Region } from '../model/region';
import { items } from '../wire/xml';

const MAX_TOKEN_LENGTH = 64;

export const runInstances: Ec2Action = ({ world, region, params, strike }) => {
  const instances = region.run(
    launchRequest(params, region, () => world.newId()),
    strike.bootFails,
  );
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
    tags: tagsFor('instance', params),
    stopProtection: params.flag('DisableApiStop'),
    terminationProtection: params.flag('DisableApiTermination'),
    fingerprint: JSON.stringify(params.without('ClientToken', 'DryRun')),
  };
}

/** What a launch would make, as far as the call tells, for the fault rules. */
export function launchTarget(params: QueryParams, region: Region): FaultTarget {
  const { subnetId, zone } = namedPlace(params);
  const known = region.network.subnets.find((subnet) =>
    subnetId === null ? subnet.availabilityZone === (zone ?? `${region.name}a`) : subnet.id === subnetId,
  );
  return {
    id: null,
    tags: tagsFor('instance', params),
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

function tagsFor(resource: string, params: QueryParams): Tags {
  const specification = params
    .structures('TagSpecification')
    .find((candidate) => candidate.get('ResourceType') === resource);
  return tagsOf(specification?.structures('Tag') ?? []);
}

/** `Tag.n.Key` and `Tag.n.Value` as a map. */
export function tagsOf(tags: readonly QueryParams[]): Tags {
  return new Map(tags.map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? '']));
}
