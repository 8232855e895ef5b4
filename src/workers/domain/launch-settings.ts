/** The template that a worker was made by, as it was then; later changes of the template do not reach the worker. */
export interface TemplateReference {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

/** The volume that the instance boots from; null is what the image, or EC2, has by itself. */
export interface RootVolume {
  readonly sizeGiB: number | null;
  /** `gp3` */
  readonly volumeType: string | null;
  readonly iops: number | null;
  readonly throughputMiBps: number | null;
  readonly encrypted: boolean | null;
  readonly kmsKeyId: string | null;
  /** false leaves the volume behind when the instance is terminated */
  readonly deleteOnTermination: boolean;
}

/** What creation asks for, resolved in full, and kept for every launch of the worker. */
export interface LaunchSettings {
  /** in the order in which they are tried; never empty */
  readonly instanceTypes: readonly string[];
  /** in the order in which they are tried; empty: the account's default subnet */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly keyName: string | null;
  readonly rootVolume: RootVolume | null;
  /** name or ARN of an instance profile */
  readonly iamInstanceProfile: string | null;
  /** plain text for cloud-init; whoever is on the instance can read it, so it holds no secret */
  readonly userData: string | null;
  /** a spot instance costs less, and AWS may take it back at any time */
  readonly market: Market;
  /** account ids or aliases whose images `amiName` may find, besides those of the settings */
  readonly amiOwners: readonly string[];
  readonly template: TemplateReference | null;
}

export type Market = 'on-demand' | 'spot';

/** One entry of the ordered list that launches go through. */
export interface Placement {
  readonly instanceType: string;
  /** null: the account's default subnet */
  readonly subnetId: string | null;
}

/** A worker of one type with nothing else asked for. */
export function plainLaunch(instanceType: string): LaunchSettings {
  return {
    instanceTypes: [instanceType],
    subnetIds: [],
    securityGroupIds: [],
    keyName: null,
    rootVolume: null,
    iamInstanceProfile: null,
    userData: null,
    market: 'on-demand',
    amiOwners: [],
    template: null,
  };
}

/** What a launch tries, in order: each subnet with the first type, then each with the next one. */
export function placementsOf({
  instanceTypes,
  subnetIds,
}: Pick<LaunchSettings, 'instanceTypes' | 'subnetIds'>): readonly Placement[] {
  const subnets = subnetIds.length > 0 ? subnetIds : [null];
  return instanceTypes.flatMap((instanceType) => subnets.map((subnetId) => ({ instanceType, subnetId })));
}
