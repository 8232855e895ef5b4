import { AwsError } from '../aws-error';
import {
  createTags,
  modifyInstanceAttribute,
  startInstances,
  stopInstances,
  terminateInstances,
} from './change-instances';
import { describeImages } from './describe-images';
import { describeInstances, describeInstanceStatus } from './describe-instances';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { runInstances } from './run-instances';
import { items, toXml } from '../wire/xml';

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
  CreateTags: createTags,
  ModifyInstanceAttribute: modifyInstanceAttribute,
  DescribeImages: describeImages,
  DescribeRegions: describeRegions,
};

/** Answers one EC2 call as XML. @throws AwsError */
export function answerEc2(action: string, call: Ec2Call): string {
  const perform = ACTIONS[action];
  if (!perform) {
    throw new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
  }
  call.world.allow(action, 'UnauthorizedOperation');
  if (call.params.flag('DryRun')) {
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }
  const requestId = call.world.newId();
  return toXml({ [`${action}Response`]: { '@xmlns': NAMESPACE, requestId, ...perform(call) } });
}

/** EC2's error envelope. */
export function ec2ErrorXml({ code, message }: AwsError, requestId: string): string {
  return toXml({ Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId } });
}
