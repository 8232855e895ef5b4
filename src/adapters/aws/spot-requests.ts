import {
  CancelSpotInstanceRequestsCommand,
  type EC2Client,
  type Filter,
  paginateDescribeSpotInstanceRequests,
  type SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import { ComputeError, MANAGED_BY, MANAGED_BY_TAG, WORKER_TAG } from '../../workers';
import { withComputeErrors } from './aws-errors';

/** Those that may still bring an instance, or bring it back. */
const ALIVE: Filter = { Name: 'state', Values: ['open', 'active', 'disabled'] };

export interface FoundSpotRequest {
  readonly id: string;
  /** whether it has the tag by which the policy tells what is ours */
  readonly isManaged: boolean;
}

export const byWorker = (workerId: string): Filter => ({ Name: `tag:${WORKER_TAG}`, Values: [workerId] });
export const byInstance = (id: string): Filter => ({ Name: 'instance-id', Values: [id] });

/** The Spot requests that may still bring an instance and that any of the filters finds. @throws ComputeError */
export function spotRequestsOf(
  client: EC2Client,
  region: string,
  filters: readonly Filter[],
): Promise<FoundSpotRequest[]> {
  return withComputeErrors({ action: 'DescribeSpotInstanceRequests', region, changes: false }, async () => {
    const found = new Map<string, FoundSpotRequest>();
    for (const filter of filters) {
      const input = { Filters: [ALIVE, filter] };
      for await (const page of paginateDescribeSpotInstanceRequests({ client }, input)) {
        for (const request of (page.SpotInstanceRequests ?? []).flatMap(foundOf)) {
          found.set(request.id, request);
        }
      }
    }
    return [...found.values()];
  });
}

/**
 * Ours first: AWS refuses a call as a whole, and may refuse what is not tagged as ours; then the error names the command
 * by which an administrator tags it. @throws ComputeError
 */
export async function cancelRequests(
  client: EC2Client,
  region: string,
  requests: readonly FoundSpotRequest[],
): Promise<void> {
  const idsOf = (managed: boolean) =>
    requests.filter(({ isManaged }) => isManaged === managed).map(({ id }) => id);
  const cancel = async (ids: string[]) => {
    if (ids.length === 0) return;
    const command = new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ids });
    const call = { action: 'CancelSpotInstanceRequests', region, changes: true };
    await withComputeErrors(call, () => client.send(command));
  };
  await cancel(idsOf(true));
  const foreign = idsOf(false);
  try {
    await cancel(foreign);
  } catch (error) {
    throw isRefusal(error) ? notTagged(error, region, foreign) : error;
  }
}

/** Whether the policy does not allow it. */
export function isRefusal(error: unknown): error is ComputeError {
  return error instanceof ComputeError && error.awsCode === 'UnauthorizedOperation';
}

function notTagged(cause: ComputeError, region: string, ids: readonly string[]): ComputeError {
  const tag = `Key=${MANAGED_BY_TAG},Value=${MANAGED_BY}`;
  const command = `aws ec2 create-tags --region ${region} --resources ${ids.join(' ')} --tags ${tag}`;
  const message =
    'AWS does not allow cml-fleet to cancel a Spot request that is not tagged as managed, and it would bring another ' +
    `instance in place of the one that ends. Let an AWS admin run: ${command}`;
  return new ComputeError(cause.failure, cause.awsCode, message, { cause });
}

function foundOf({ SpotInstanceRequestId, Tags }: SpotInstanceRequest): FoundSpotRequest[] {
  if (!SpotInstanceRequestId) return [];
  const isManaged = (Tags ?? []).some(({ Key, Value }) => Key === MANAGED_BY_TAG && Value === MANAGED_BY);
  return [{ id: SpotInstanceRequestId, isManaged }];
}
