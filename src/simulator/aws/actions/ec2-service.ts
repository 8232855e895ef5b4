import { AwsError } from '../aws-error';
import { toXml } from '../wire/xml';
import { items } from '../wire/xml';
import {
  modifyInstanceAttribute,
  startInstances,
  stopInstances,
  terminateInstances,
} from './change-instances';
import { createTags, deleteTags } from './change-tags';
import { describeImages } from './describe-images';
import { describeInstanceStatus } from './describe-instance-status';
import { describeInstanceTypes } from './describe-instance-types';
import { describeInstances } from './describe-instances';
import { describeSecurityGroups, describeSubnets } from './describe-network';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { deleteVolume, describeAddresses, describeVolumes, releaseAddress } from './left-overs';
import { runInstances } from './run-instances';
import { cancelSpotInstanceRequests, describeSpotInstanceRequests } from './spot-requests';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

const describeRegions: Ec2Action = ({ world, params }) => {
  const wanted = params.list('RegionName');
  const regions = world.options.regions.filter((name) => wanted.length === 0 || wanted.includes(name));
  return {
    regionInfo: items(regions, (regionName) => ({
      regionName,
      regionEndpoint: `ec2.${regionName}.amazonaws.com`,
      optInStatus: 'opt-in-not-required',
    })),
  };
};

const ACTIONS: Readonly<Record<string, Ec2Action | undefined>> = {
  RunInstances: runInstances,
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  StartInstances: startInstances,
  StopInstances: stopInstances,
  TerminateInstances: terminateInstances,
  ModifyInstanceAttribute: modifyInstanceAttribute,
  CreateTags: createTags,
  DeleteTags: deleteTags,
  DescribeVolumes: describeVolumes,
  DeleteVolume: deleteVolume,
  DescribeAddresses: describeAddresses,
  ReleaseAddress: releaseAddress,
  DescribeSpotInstanceRequests: describeSpotInstanceRequests,
  CancelSpotInstanceRequests: cancelSpotInstanceRequests,
  DescribeImages: describeImages,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeRegions: describeRegions,
  DescribeSecurityGroups: describeSecurityGroups,
  DescribeSubnets: describeSubnets,
};

/**
 * Answers one EC2 call as XML. EC2 looks for the instances that a call names after it knows that the caller may make
 * it, unless that depends on the instances; and before it says that a dry run would have succeeded.
 * @param authorize throws UnauthorizedOperation
 * @throws AwsError
 */
export function answerEc2(action: string, call: Ec2Call, authorize: () => void): string {
  const perform = ACTIONS[action];
  if (!perform) {
    throw new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
  }
  if (call.world.rights.dependOnTargets(action)) checkInstances(action, call);
  authorize();
  if (call.params.flag('DryRun')) {
    checkInstances(action, call);
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }
  const requestId = call.world.newId();
  return toXml({ [`${action}Response`]: { requestId, ...perform(call) } }, NAMESPACE);
}

/** @throws AwsError InvalidInstanceID.Malformed, .NotFound */
function checkInstances(action: string, { params, reading }: Ec2Call): void {
  if (action.startsWith('Describe') || action === 'RunInstances') return;
  const single = params.get('InstanceId');
  reading.existing(single === null ? params.list('InstanceId') : [single]);
}

/** EC2's error envelope. */
export function ec2ErrorXml({ code, message }: AwsError, requestId: string): string {
  return toXml({ Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId } });
}
