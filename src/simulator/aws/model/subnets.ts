import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error';

/** A subnet of one availability zone. */
export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly cidr: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** Where an instance comes to stand. */
export type Placement = Omit<Subnet, 'id' | 'cidr'> & { readonly subnetId: string };

/** Addresses of a /18, but for the five that AWS keeps of each subnet. */
export const ADDRESSES_PER_SUBNET = 2 ** 14 - 5;
const ZONES = ['a', 'b', 'c'];

/** The default network of a region: one subnet in each of three zones. Ids stay the same from run to run. */
export class Network {
  readonly vpcId: string;
  readonly subnets: readonly Subnet[];
  readonly securityGroups: readonly SecurityGroup[];

  constructor(
    private readonly region: string,
    index: number,
  ) {
    this.vpcId = idOf('vpc', region);
    this.securityGroups = [
      { id: idOf('sg', `${region}/default`), name: 'default', description: 'default VPC security group' },
      { id: idOf('sg', `${region}/cml`), name: 'cml', description: 'HTTPS to CML' },
    ];
    this.subnets = ZONES.map((zone, place) => ({
      id: idOf('subnet', `${region}${zone}`),
      vpcId: this.vpcId,
      availabilityZone: `${region}${zone}`,
      cidr: `10.${index}.${place * 64}.0/18`,
    }));
  }

  /** The named subnet, or the default one of the zone, or of the first zone where none is named. */
  find(subnetId: string | null, zone: string | null): Subnet | undefined {
    return this.subnets.find((subnet) =>
      subnetId === null ? subnet.availabilityZone === (zone ?? `${this.region}a`) : subnet.id === subnetId,
    );
  }

  /**
   * The place for a launch: of the named subnet, or of the zone's default one. A name that no subnet of AWS could
   * have (`subnet-1`) is taken as it is, so that a test can make one up.
   * @throws AwsError InvalidSubnetID.NotFound, InvalidParameterValue where the subnet is not in the zone
   */
  place(subnetId: string | null, zone: string | null): Placement {
    const known = this.find(subnetId, zone);
    if (!known && subnetId === null) {
      throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
    }
    if (!known && /^subnet-[0-9a-f]{17}$/.test(subnetId ?? '')) {
      throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
    }
    const availabilityZone = known?.availabilityZone ?? zone ?? `${this.region}a`;
    if (zone !== null && availabilityZone !== zone) {
      throw new AwsError('InvalidParameterValue', `The subnet '${subnetId}' is not in the zone '${zone}'.`);
    }
    return { subnetId: known?.id ?? subnetId ?? '', vpcId: this.vpcId, availabilityZone };
  }
}

function idOf(kind: string, name: string): string {
  return `${kind}-${createHash('sha256').update(name).digest('hex').slice(0, 17)}`;
}
