import { AwsError } from '../aws-error';
import { type Region } from '../model/region';
import { ADDRESSES_PER_SUBNET, type Subnet } from '../model/subnets';
import { filterOf } from '../wire/filters';
import { pageOf } from '../wire/pagination';
import { items } from '../wire/xml';
import { type Ec2Action } from './ec2-action';

export const describeSubnets: Ec2Action = ({ region, params, reading }) => {
  const ids = params.list('SubnetId');
  const missing = ids.find((id) => !region.network.subnets.some((subnet) => subnet.id === id));
  if (missing !== undefined) {
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${missing}' does not exist`);
  }
  const matches = filterOf<Subnet>(params, subnetFilterValues);
  const page = pageOf(
    params,
    region.network.subnets,
    (subnet) => (ids.length === 0 || ids.includes(subnet.id)) && matches(subnet),
  );
  const used = usedAddresses(region);
  const listed = reading.listingOf(
    page.items,
    ({ id }) => id,
    () => new Map(),
  );
  return {
    subnetSet: items(listed, (subnet) => ({
      subnetId: subnet.id,
      state: 'available',
      ownerId: region.ownerId,
      vpcId: subnet.vpcId,
      cidrBlock: subnet.cidr,
      availableIpAddressCount: Math.max(0, ADDRESSES_PER_SUBNET - (used.get(subnet.id) ?? 0)),
      availabilityZone: subnet.availabilityZone,
      defaultForAz: true,
      mapPublicIpOnLaunch: true,
      tagSet: '',
    })),
    nextToken: page.nextToken,
  };
};

/** The two groups of the region's network: AWS' default one, and one for CML. */
export const describeSecurityGroups: Ec2Action = ({ region, params }) => {
  const groups = region.network.securityGroups;
  const ids = params.list('GroupId');
  const missing = ids.find((id) => !groups.some((group) => group.id === id));
  if (missing !== undefined) {
    throw new AwsError('InvalidGroup.NotFound', `The security group '${missing}' does not exist`);
  }
  const matches = filterOf<(typeof groups)[number]>(params, (group, name) => {
    if (name === 'group-id') return [group.id];
    if (name === 'group-name') return [group.name];
    return name === 'vpc-id' ? [region.network.vpcId] : null;
  });
  const page = pageOf(
    params,
    groups,
    (group) => (ids.length === 0 || ids.includes(group.id)) && matches(group),
  );
  return {
    securityGroupInfo: items(page.items, ({ id, name, description }) => ({
      groupId: id,
      groupName: name,
      groupDescription: description,
      ownerId: region.ownerId,
      vpcId: region.network.vpcId,
      ipPermissions: '',
      ipPermissionsEgress: '',
    })),
    nextToken: page.nextToken,
  };
};

/** A stopped instance keeps its private address. */
function usedAddresses(region: Region): Map<string, number> {
  const used = new Map<string, number>();
  for (const instance of region.instances) {
    if (instance.stateAt(region.now) === 'terminated') continue;
    const { subnetId } = instance.launch;
    used.set(subnetId, (used.get(subnetId) ?? 0) + 1);
  }
  return used;
}

function subnetFilterValues(subnet: Subnet, name: string): readonly string[] | null {
  switch (name) {
    case 'subnet-id':
      return [subnet.id];
    case 'vpc-id':
      return [subnet.vpcId];
    case 'availability-zone':
      return [subnet.availabilityZone];
    case 'state':
      return ['available'];
    case 'default-for-az':
      return ['true'];
    default:
      return name.startsWith('tag') ? [] : null;
  }
}
