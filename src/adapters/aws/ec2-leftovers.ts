import {
  DeleteVolumeCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  paginateDescribeInstances,
  paginateDescribeVolumes,
  ReleaseAddressCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Leftover, LeftoverSource, type ResourceKind } from '../../orphans';
import { ComputeError, MANAGED_BY, MANAGED_BY_TAG } from '../../workers';
import { type AwsClients } from './aws-clients';
import { withComputeErrors } from './aws-errors';
import { byInstance, cancelRequests, spotRequestsOf } from './spot-requests';
import { ofAddress, ofInstance, ofVolume } from './leftover.mapper';

const OURS = { Name: `tag:${MANAGED_BY_TAG}`, Values: [MANAGED_BY] };

interface KindCalls {
  readonly describe: string;
  readonly remove: string;
  readonly list: (client: EC2Client) => Promise<Leftover[]>;
  readonly byId: (client: EC2Client, id: string) => Promise<Leftover[]>;
  readonly end: (client: EC2Client, id: string) => Promise<unknown>;
}

/** What each kind is called at EC2. */
const CALLS: Readonly<Record<ResourceKind, KindCalls>> = {
  'instance-without-worker': {
    describe: 'DescribeInstances',
    remove: 'TerminateInstances',
    list: async (client) => {
      const found: Leftover[] = [];
      for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, { Filters: [OURS] })) {
        found.push(...instancesOf(page.Reservations));
      }
      return found;
    },
    byId: async (client, id) => {
      const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      return instancesOf(Reservations);
    },
    end: (client, id) => client.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
  },
  volume: {
    describe: 'DescribeVolumes',
    remove: 'DeleteVolume',
    list: async (client) => {
      const Filters = [OURS, { Name: 'status', Values: ['available'] }];
      const found: Leftover[] = [];
      for await (const page of paginateDescribeVolumes({ client, pageSize: 500 }, { Filters })) {
        found.push(...(page.Volumes ?? []).flatMap(ofVolume));
      }
      return found;
    },
    byId: async (client, id) => {
      const { Volumes } = await client.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
      return (Volumes ?? []).flatMap(ofVolume);
    },
    end: (client, id) => client.send(new DeleteVolumeCommand({ VolumeId: id })),
  },
  address: {
    describe: 'DescribeAddresses',
    remove: 'ReleaseAddress',
    // it has no pages
    list: async (client) => {
      const { Addresses } = await client.send(new DescribeAddressesCommand({ Filters: [OURS] }));
      return (Addresses ?? []).flatMap(ofAddress);
    },
    byId: async (client, id) => {
      const { Addresses } = await client.send(new DescribeAddressesCommand({ AllocationIds: [id] }));
      return (Addresses ?? []).flatMap(ofAddress);
    },
    end: (client, id) => client.send(new ReleaseAddressCommand({ AllocationId: id })),
  },
};

/** EC2's words for a resource that it does not know (its table of error codes). */
const UNKNOWN_TO_EC2 = [
  'InvalidInstanceID.NotFound',
  'InvalidVolume.NotFound',
  'InvalidAllocationID.NotFound',
];

/** Instances, volumes and addresses that are tagged as ours, over EC2's API. */
export class Ec2Leftovers extends LeftoverSource {
  constructor(private readonly clients: AwsClients) {
    super();
  }

  list(kind: ResourceKind, region: string): Promise<Leftover[]> {
    const { describe, list } = CALLS[kind];
    const { ec2 } = this.clients.of(region, 'sweep');
    return withComputeErrors({ action: describe, region, changes: false }, () => list(ec2));
  }

  async find(kind: ResourceKind, region: string, resourceId: string): Promise<Leftover | null> {
    const { describe, byId } = CALLS[kind];
    const { ec2 } = this.clients.of(region);
    const found = await unlessUnknown(() =>
      withComputeErrors({ action: describe, region, changes: false }, () => byId(ec2, resourceId)),
    );
    return found?.find((leftover) => leftover.resourceId === resourceId) ?? null;
  }

  async remove(kind: ResourceKind, region: string, resourceId: string): Promise<void> {
    const { remove, end } = CALLS[kind];
    const { ec2 } = this.clients.of(region);
    if (kind === 'instance-without-worker') {
      // EC2 brings another instance for a persistent Spot request whose instance is terminated
      await cancelRequests(ec2, region, await spotRequestsOf(ec2, region, [byInstance(resourceId)]));
    }
    await unlessUnknown(() =>
      withComputeErrors({ action: remove, region, changes: true }, () => end(ec2, resourceId)),
    );
  }
}

function instancesOf(
  reservations: readonly { readonly Instances?: Parameters<typeof ofInstance>[0][] }[] | undefined,
): Leftover[] {
  return (reservations ?? []).flatMap(({ Instances }) => (Instances ?? []).flatMap(ofInstance));
}

/** Null where EC2 does not know the resource. */
async function unlessUnknown<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ComputeError && UNKNOWN_TO_EC2.includes(error.awsCode)) return null;
    throw error;
  }
}
