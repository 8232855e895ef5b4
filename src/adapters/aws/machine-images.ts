import { type EC2Client, type Image, paginateDescribeImages } from '@aws-sdk/client-ec2';
import { ComputeError, type MachineImage } from '../../workers';

/** Owners whose images a name may find besides those that the options name: ours, and AWS's own and vetted ones. */
export const TRUSTED_OWNERS = ['self', 'amazon', 'aws-marketplace'];

/**
 * The image by id. An image of anybody may be named so; EC2 answers those that the account may use.
 * @throws ComputeError, and what the SDK throws
 */
export async function imageById(ec2: EC2Client, region: string, amiId: string): Promise<MachineImage> {
  const image = (await images(ec2, { ImageIds: [amiId] })).find(({ ImageId }) => ImageId === amiId);
  if (!image)
    throw noImage(`Region ${region} has no image ${amiId} for this account. Image ids differ by region.`);
  if (image.State !== 'available') {
    const message = `Image ${amiId} in ${region} is ${image.State ?? 'in an unknown state'}, not available.`;
    throw new ComputeError('rejected', 'InvalidAMIID.Unavailable', message);
  }
  return { amiId, amiName: image.Name ?? null, rootDeviceName: image.RootDeviceName ?? null };
}

/**
 * The newest available image whose name matches. Only trusted owners count: anybody can publish an image of a well-known
 * name.
 * @throws ComputeError, and what the SDK throws
 */
export async function newestImageNamed(
  ec2: EC2Client,
  region: string,
  pattern: string,
  ownerIds: readonly string[],
): Promise<MachineImage> {
  const found = await images(ec2, {
    Owners: [...TRUSTED_OWNERS, ...ownerIds],
    Filters: [
      { Name: 'name', Values: [pattern] },
      { Name: 'state', Values: ['available'] },
    ],
  });
  const newest = found.reduce<Image | null>(
    (best, image) => (best && createdAt(best) >= createdAt(image) ? best : image),
    null,
  );
  if (!newest?.ImageId) {
    throw noImage(
      `Region ${region} has no available image named "${pattern}" of this account or a trusted owner. ` +
        `Name an image by its id, or add its owner to FLEET_AMI_OWNERS.`,
    );
  }
  return {
    amiId: newest.ImageId,
    amiName: newest.Name ?? null,
    rootDeviceName: newest.RootDeviceName ?? null,
  };
}

async function images(
  client: EC2Client,
  input: Parameters<typeof paginateDescribeImages>[1],
): Promise<Image[]> {
  const found: Image[] = [];
  for await (const page of paginateDescribeImages({ client }, input)) found.push(...(page.Images ?? []));
  return found;
}

/** ISO 8601 in UTC, so that texts compare like times. */
function createdAt({ CreationDate = '' }: Image): string {
  return CreationDate;
}

function noImage(message: string): ComputeError {
  return new ComputeError('rejected', 'InvalidAMIID.NotFound', message);
}
