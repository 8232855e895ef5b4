import {
  type EC2Client,
  type Filter,
  paginateDescribeImages,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import { type DiscoveryFilter, type FoundInstance, InstanceFinder } from '../../discovery';
import { INSTALLATION_TAG, type InstanceReading } from '../../workers';
import { type AwsClients } from './aws-clients';
import { computeErrorOf } from './aws-errors';
import { readingsOf } from './instance-reading.mapper';
import { TRUSTED_OWNERS } from './machine-images';

/** EC2's largest page. */
const PAGE_SIZE = 1000;
/** So many values may one filter of EC2 have. */
const VALUES_PER_FILTER = 200;

const THERE = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] };

/** Instances that fit a filter, over DescribeInstances. */
export class Ec2InstanceFinder extends InstanceFinder {
  constructor(
    private readonly clients: AwsClients,
    private readonly options: { readonly imageOwnerIds: readonly string[] },
  ) {
    super();
  }

  async *find(region: string, filter: DiscoveryFilter): AsyncIterable<readonly FoundInstance[]> {
    const { ec2: client } = this.clients.of(region, 'sweep');
    let action = 'DescribeImages';
    try {
      const images = await this.imagesOf(client, filter);
      action = 'DescribeInstances';
      for (const chunk of chunksOf(images)) {
        const pages = paginateDescribeInstances({ client, pageSize: PAGE_SIZE }, filtersOf(filter, chunk));
        for await (const { Reservations } of pages) {
          const found = readingsOf(Reservations).map((reading) => toFound(region, reading));
          if (found.length > 0) yield found;
        }
      }
    } catch (error) {
      throw computeErrorOf(error, { action, region, changes: false });
    }
  }

  /** Images by id, or by the ids that the name stands for, deprecated ones as well; null: any image. */
  private async imagesOf(
    client: EC2Client,
    { amiIds, amiName }: DiscoveryFilter,
  ): Promise<readonly string[] | null> {
    if (amiName === null) return amiIds;
    const Owners = [...TRUSTED_OWNERS, ...this.options.imageOwnerIds];
    const input = { Owners, Filters: [{ Name: 'name', Values: [amiName] }], IncludeDeprecated: true };
    const ids: string[] = [];
    for await (const { Images } of paginateDescribeImages({ client }, input)) {
      ids.push(...(Images ?? []).flatMap(({ ImageId }) => ImageId ?? []));
    }
    return ids;
  }
}

/** One chunk of null where any image will do; none at all where no image has the name. */
function chunksOf(images: readonly string[] | null): (readonly string[] | null)[] {
  if (images === null) return [null];
  const count = Math.ceil(images.length / VALUES_PER_FILTER);
  return Array.from({ length: count }, (_, index) =>
    images.slice(index * VALUES_PER_FILTER, (index + 1) * VALUES_PER_FILTER),
  );
}

function filtersOf({ tags }: DiscoveryFilter, images: readonly string[] | null): { Filters: Filter[] } {
  const byTag = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
  const byImage = images === null ? [] : [{ Name: 'image-id', Values: [...images] }];
  return { Filters: [THERE, ...byImage, ...byTag] };
}

function toFound(awsRegion: string, reading: InstanceReading): FoundInstance {
  const { instanceId: awsInstanceId, instanceType, status, amiId, tags } = reading;
  const name = tags.Name?.trim() || null;
  const installationId = tags[INSTALLATION_TAG] || null;
  return { awsRegion, awsInstanceId, name, instanceType, status, amiId, installationId };
}
