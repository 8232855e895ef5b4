import { type World } from '../world';
import { type Caller } from './access/identities';
import { AwsError } from './aws-error';
import { type QueryParams } from './wire/query-params';
import { toXml, type XmlElements } from './wire/xml';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Answers GetCallerIdentity and AssumeRole. @throws AwsError */
export function answerSts(action: string, params: QueryParams, caller: Caller, world: World): string {
  switch (action) {
    case 'GetCallerIdentity':
      return answer(action, world, { Arn: caller.arn, UserId: caller.userId, Account: caller.accountId });
    case 'AssumeRole':
      return answer(action, world, assumeRole(params, caller, world));
    default:
      throw new AwsError('InvalidAction', `Could not find operation ${action} for version 2011-06-15`);
  }
}

function assumeRole(params: QueryParams, caller: Caller, world: World): XmlElements {
  const session = world.identities.assume(
    caller,
    params.get('RoleArn') ?? '',
    params.get('RoleSessionName') ?? '',
    params.get('ExternalId'),
    Number(params.get('DurationSeconds') ?? 3600),
  );
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration.toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.arn },
  };
}

function answer(action: string, world: World, result: XmlElements): string {
  const ResponseMetadata = { RequestId: world.newId() };
  return toXml({ [`${action}Response`]: { [`${action}Result`]: result, ResponseMetadata } }, NAMESPACE);
}

/** The error envelope of STS. */
export function stsErrorXml({ code, message, httpStatus }: AwsError, requestId: string): string {
  const Type = httpStatus < 500 ? 'Sender' : 'Receiver';
  const Error = { Type, Code: code, Message: message };
  return toXml({ ErrorResponse: { Error, RequestId: requestId } }, NAMESPACE);
}
