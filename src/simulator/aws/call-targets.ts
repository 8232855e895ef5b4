import { type FaultTarget } from '../faults/fault-target';
import { type AwsRequest } from './wire/aws-request';
import { launchTarget } from './actions/run-instances';
import { targetOf } from './model/reading';
import { type Region } from './model/region';
import { QueryParams } from './wire/query-params';

/** The instances and Spot requests that a call of EC2 names, or would launch; none for a listing and for other services. */
export function targetsOf({ action, input }: AwsRequest, region: Region | undefined): readonly FaultTarget[] {
  if (!(input instanceof QueryParams) || !region) return [];
  if (action === 'RunInstances') return [launchTarget(input, region)];
  const ids = [
    ...input.list('InstanceId'),
    ...input.list('ResourceId'),
    ...input.list('SpotInstanceRequestId'),
    input.get('InstanceId') ?? [],
  ].flat();
  return ids.map((id) => {
    const instance = region.find(id);
    if (instance) return targetOf(instance, region.now);
    const tags = region.spotRequests.get(id)?.tags.at(region.now) ?? new Map<string, string>();
    return { id, tags, type: null, subnetId: null, availabilityZone: null };
  });
}
