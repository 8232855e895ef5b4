import { type Strike } from '../faults/strike';
import { type World } from '../world';
import { answerEc2 } from './actions/ec2-service';
import { AwsError } from './aws-error';
import { targetsOf } from './call-targets';
import { answerCloudWatch } from './cloudwatch-service';
import { Reading } from './model/reading';
import { answerSts } from './sts-service';
import { type AwsRequest } from './wire/aws-request';
import { QueryParams } from './wire/query-params';

/**
 * Does a call as AWS does: who calls, does that come too often, may it be, what comes of it.
 * @returns the body of a good answer
 * @throws AwsError
 */
export function perform(world: World, request: AwsRequest, strike: Strike): string {
  const { service, region: name, action, input } = request;
  const caller = world.identities.callerOf(request);
  const region = world.region(name);
  if (service !== 'sts' && region?.ownerId !== caller.accountId) throw notOurs(service);
  world.throttle.admit({ service, accountId: caller.accountId, region: name, action, input });
  const authorize = (): void => {
    world.rights.check({
      ...{ service, action, caller },
      givesTags: input instanceof QueryParams && input.get('TagSpecification.1.ResourceType') !== null,
      targets: () => targetsOf(request, region),
    });
  };
  if (service === 'sts' && input instanceof QueryParams) {
    authorize();
    return answerSts(action, input, caller, world);
  }
  if (!region) throw notOurs(service);
  if (input instanceof QueryParams) {
    const call = { world, region, params: input, strike, reading: new Reading(region, strike) };
    return answerEc2(action, call, authorize);
  }
  authorize();
  return answerCloudWatch(action, input, { region, world, strike });
}

/** A region that the world has not, or that belongs to another account. */
function notOurs(service: string): AwsError {
  return service === 'monitoring'
    ? new AwsError('AccessDenied', 'The account may not use CloudWatch in this region.', 403)
    : new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
}
