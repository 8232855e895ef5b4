import { type InputFault } from '../../kernel/domain-error';

/** The volume that instances boot from; null is what the image, or EC2, has by itself. */
export interface TemplateVolume {
  readonly sizeGiB: number | null;
  /** `gp3` */
  readonly volumeType: string | null;
  readonly iops: number | null;
  readonly throughputMiBps: number | null;
  readonly encrypted: boolean | null;
  readonly kmsKeyId: string | null;
  readonly deleteOnTermination: boolean;
}

/** Something of its own for each region. */
export type PerRegion<T> = Readonly<Record<string, T>>;

/** What an admin says about a template. The image is named by one of `amiId`, `amiName` and `amiIds`. */
export interface TemplateDetails {
  readonly name: string;
  readonly description: string;
  /** in the order in which launches try them */
  readonly instanceTypes: readonly string[];
  readonly amiId: string | null;
  /** the newest image of this name, `*` and `?` allowed */
  readonly amiName: string | null;
  /** whose images `amiName` may find, besides those of the settings: account ids, `self`, `amazon`, `aws-marketplace` */
  readonly amiOwners: readonly string[];
  /** the image's id in each region; empty where the image is named otherwise */
  readonly amiIds: PerRegion<string>;
  /** in the order in which launches try them; empty in a region: its default subnets */
  readonly subnetIds: PerRegion<readonly string[]>;
  readonly securityGroupIds: PerRegion<readonly string[]>;
  readonly keyName: string | null;
  readonly rootVolume: TemplateVolume | null;
  /** name or ARN */
  readonly iamInstanceProfile: string | null;
  /** plain text for cloud-init; whoever is on an instance can read it */
  readonly userData: string | null;
  readonly market: 'on-demand' | 'spot';
  readonly tags: Readonly<Record<string, string>>;
  readonly cmlVersion: string | null;
}

const IMAGE = ['amiId', 'amiName', 'amiIds'] as const;

/** The details after changes. An image that is named anew replaces the one before, however that was named. */
export function changedDetails(before: TemplateDetails, changes: Partial<TemplateDetails>): TemplateDetails {
  const named = IMAGE.some((way) => isNamed(changes[way]));
  const none = { amiId: null, amiName: null, amiIds: {} };
  const after = { ...before, ...(named && none), ...changes };
  const ownersGo = changes.amiOwners === undefined && after.amiName === null;
  return ownersGo ? { ...after, amiOwners: [] } : after;
}

/** What does not fit together, by pointers into the details. */
export function faultsOf(details: TemplateDetails): InputFault[] {
  const faults: InputFault[] = [];
  const fault = (pointer: string, message: string) => void faults.push({ pointer, message });
  if (IMAGE.filter((way) => isNamed(details[way])).length !== 1) {
    fault('/amiId', 'give amiId, amiName or amiIds, one of them');
  }
  if (details.amiOwners.length > 0 && details.amiName === null) {
    fault('/amiOwners', 'goes with amiName only');
  }
  if (details.rootVolume) faults.push(...volumeFaults(details.rootVolume));
  return faults;
}

/**
 * By what EC2 documents for EbsBlockDevice: iops are for gp3, io1 and io2, and the latter two need them; throughput is
 * for gp3; a key encrypts only what is encrypted.
 */
function volumeFaults(volume: TemplateVolume): InputFault[] {
  const { volumeType, iops, throughputMiBps, encrypted, kmsKeyId } = volume;
  const provisioned = volumeType === 'io1' || volumeType === 'io2';
  const faults: [isWrong: boolean, member: string, message: string][] = [
    [provisioned && iops === null, 'iops', `is required for a volume of type ${volumeType}`],
    [iops !== null && !provisioned && volumeType !== 'gp3', 'iops', 'needs volumeType gp3, io1 or io2'],
    [throughputMiBps !== null && volumeType !== 'gp3', 'throughputMiBps', 'needs volumeType gp3'],
    [kmsKeyId !== null && encrypted !== true, 'kmsKeyId', 'needs "encrypted": true'],
  ];
  return faults
    .filter(([isWrong]) => isWrong)
    .map(([, member, message]) => ({ pointer: `/rootVolume/${member}`, message }));
}

function isNamed(image: string | PerRegion<string> | null | undefined): boolean {
  if (image === null || image === undefined) return false;
  return typeof image === 'string' || Object.keys(image).length > 0;
}
