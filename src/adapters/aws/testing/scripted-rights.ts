import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type ScriptedAws, sendXml, startScriptedAws } from './scripted-aws';

/** An AWS in which one may do what is not denied. */
export interface ScriptedRights extends ScriptedAws {
  /** `ec2:StopInstances`: AWS answers as it does where the policy lacks it */
  readonly denied: Set<string>;
  /** what has the tag; without it AWS denies a change that `looksAtTags` */
  readonly managed: Record<'instanceId' | 'spotRequestId' | 'volumeId' | 'allocationId', string | null>;
  /** whether the policy's condition on the tag is looked at before it is found that there is no such thing */
  looksAtTags: boolean;
  /** sent as `Date` */
  now: () => Date;
  /** what STS answers to who we are; null: the credentials are refused */
  account: string | null;
  /** the parameters of each call but for Describe, by its action */
  readonly calls: Map<string, URLSearchParams>;
}

const MANAGED_ID = /^(InstanceId(\.1)?|ResourceId\.1|SpotInstanceRequestId\.1|VolumeId|AllocationId)$/;

export async function startScriptedRights(): Promise<ScriptedRights> {
  const server = await startScriptedAws((body, response, request) => {
    response.setHeader('date', aws.now().toUTCString());
    answer(aws, actionOf(body, request), new URLSearchParams(body), response);
  });
  const aws: ScriptedRights = {
    ...server,
    denied: new Set(),
    managed: { instanceId: null, spotRequestId: null, volumeId: null, allocationId: null },
    ...{ looksAtTags: true, now: () => new Date(), account: '123456789012', calls: new Map() },
  };
  return aws;
}

function actionOf(body: string, { headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return `cloudwatch:${target.split('.').at(-1) ?? ''}`;
  const action = new URLSearchParams(body).get('Action') ?? '';
  return `${action === 'GetCallerIdentity' ? 'sts' : 'ec2'}:${action}`;
}

function answer(
  aws: ScriptedRights,
  action: string,
  params: URLSearchParams,
  response: ServerResponse,
): void {
  const { denied, managed, account, calls } = aws;
  calls.set(action, params);
  if (action === 'sts:GetCallerIdentity') {
    if (account === null) return stsRefuses(response);
    const identity = `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/fleet</Arn>`;
    return sendXml(
      response,
      200,
      inAnswer(action, `<GetCallerIdentityResult>${identity}</GetCallerIdentityResult>`),
    );
  }
  if (action.startsWith('cloudwatch:')) {
    const refusal = { __type: 'AccessDenied', message: 'no' };
    const isDenied = denied.has(action);
    response.writeHead(isDenied ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(isDenied ? refusal : { MetricDataResults: [] }));
    return;
  }
  if (denied.has(action)) return ec2Refuses(response, 403, 'UnauthorizedOperation');
  if (params.has('TagSpecification.1.ResourceType') && denied.has('ec2:CreateTags')) {
    return ec2Refuses(
      response,
      403,
      'UnauthorizedOperation',
      'User x is not authorized to perform: ec2:CreateTags',
    );
  }
  if (action.startsWith('ec2:Describe')) return sendXml(response, 200, inAnswer(action, listed(aws, action)));
  const named = [...params].filter(([name]) => MANAGED_ID.test(name)).map(([, id]) => id);
  if (named.every((id) => Object.values(managed).includes(id))) {
    return ec2Refuses(response, 412, 'DryRunOperation');
  }
  if (aws.looksAtTags) return ec2Refuses(response, 403, 'UnauthorizedOperation');
  const kinds = { v: 'InvalidVolume', e: 'InvalidAllocationID', s: 'InvalidSpotInstanceRequestID' };
  const [letter = ''] = named[0] ?? '';
  const kind = (kinds as Record<string, string>)[letter] ?? 'InvalidInstanceID';
  return ec2Refuses(response, 400, `${kind}.NotFound`);
}

function listed({ managed }: ScriptedRights, action: string): string {
  const { instanceId, spotRequestId, volumeId, allocationId } = managed;
  if (action === 'ec2:DescribeImages') {
    return '<imagesSet><item><imageId>ami-0a1b2c3d4e5f60718</imageId></item></imagesSet>';
  }
  if (action === 'ec2:DescribeSpotInstanceRequests' && spotRequestId !== null) {
    const request = `<item><spotInstanceRequestId>${spotRequestId}</spotInstanceRequestId></item>`;
    return `<spotInstanceRequestSet>${request}</spotInstanceRequestSet>`;
  }
  if (action === 'ec2:DescribeAddresses' && allocationId !== null) {
    return `<addressesSet><item><allocationId>${allocationId}</allocationId></item></addressesSet>`;
  }
  if (action !== 'ec2:DescribeInstances' || instanceId === null) return '';
  const disk = `<deviceName>/dev/sda1</deviceName><ebs><volumeId>${volumeId ?? ''}</volumeId></ebs>`;
  const instance =
    `<instanceId>${instanceId}</instanceId><instanceType>m5zn.metal</instanceType>` +
    `<imageId>ami-0f1e2d3c4b5a69780</imageId><blockDeviceMapping><item>${disk}</item></blockDeviceMapping>`;
  const reservation = `<item><instancesSet><item>${instance}</item></instancesSet></item>`;
  return `<reservationSet>${reservation}</reservationSet>`;
}

function inAnswer(action: string, xml: string): string {
  const name = `${action.split(':')[1] ?? ''}Response`;
  return `<${name}>${xml}</${name}>`;
}

function ec2Refuses(response: ServerResponse, status: number, code: string, message = 'as scripted'): void {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  sendXml(response, status, `<Response><Errors>${error}</Errors><RequestID>r</RequestID></Response>`);
}

function stsRefuses(response: ServerResponse): void {
  const error = '<Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>no</Message></Error>';
  sendXml(response, 403, `<ErrorResponse>${error}</ErrorResponse>`);
}
