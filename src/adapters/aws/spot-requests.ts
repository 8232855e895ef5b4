import {
  CancelSpotInstanceRequestsCommand,
  type EC2Client,
  type Filter,
  paginateDescribeSpotInstanceRequests,
} from '@aws-sdk/client-ec2';
import { WORKER_TAG } from '../../workers';

/** Those that may still bring an instance, or bring it back. */
const ALIVE: Filter = { Name: 'state', Values: ['open', 'active', 'disabled'] };

/** The Spot requests that a worker's launches made, by its tag, and the one that brought the instance. */
export async function spotRequestsOf(
  client: EC2Client,
  workerId: string,
  awsInstanceId: string | null,
): Promise<string[]> {
  const byTag = { Name: `tag:${WORKER_TAG}`, Values: [workerId] };
  const byInstance = awsInstanceId === null ? [] : [{ Name: 'instance-id', Values: [awsInstanceId] }];
  const found = new Set<string>();
  for (const filter of [byTag, ...byInstance]) {
    const input = { Filters: [ALIVE, filter] };
    for await (const page of paginateDescribeSpotInstanceRequests({ client }, input)) {
      for (const { SpotInstanceRequestId } of page.SpotInstanceRequests ?? []) {
        if (SpotInstanceRequestId) found.add(SpotInstanceRequestId);
      }
    }
  }
  return [...found];
}

export async function cancelRequests(client: EC2Client, SpotInstanceRequestIds: string[]): Promise<void> {
  await client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds }));
}
