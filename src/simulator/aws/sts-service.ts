import { type World } from '../world';
import { AwsError } from './aws-error';
import { toXml } from './wire/xml';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Answers GetCallerIdentity: every caller is the same user of the world's one account. @throws AwsError */
export function answerSts(action: string, world: World): string {
  if (action !== 'GetCallerIdentity') {
    throw new AwsError('InvalidAction', `Could not find operation ${action} for version 2011-06-15`);
  }
  const { accountId } = world.options;
  return toXml({
    GetCallerIdentityResponse: {
      '@xmlns': NAMESPACE,
      GetCallerIdentityResult: {
        Arn: `arn:aws:iam::${accountId}:user/fleet`,
        UserId: 'AIDASIMULATEDFLEETUSER',
        Account: accountId,
      },
      ResponseMetadata: { RequestId: world.newId() },
    },
  });
}

/** The error envelope of STS. */
export function stsErrorXml({ code, message, httpStatus }: AwsError, requestId: string): string {
  const Type = httpStatus < 500 ? 'Sender' : 'Receiver';
  return toXml({
    ErrorResponse: {
      '@xmlns': NAMESPACE,
      Error: { Type, Code: code, Message: message },
      RequestId: requestId,
    },
  });
}
