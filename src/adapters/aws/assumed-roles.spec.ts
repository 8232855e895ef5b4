import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { Secret } from '../../kernel/secret';
import { ComputeError } from '../../workers';
import { AssumedRoles } from './assumed-roles';
import { AwsClients } from './aws-clients';
import { callsOf } from './testing/aws-clients';
import { withComputeErrors } from './aws-errors';
import { type ScriptedAws, sendXml, startScriptedAws } from './testing/scripted-aws';

const ROLE = 'arn:aws:iam::123456789012:role/fleet-virginia';
const OTHERS = 'arn:aws:iam::123456789012:role/fleet';
const TIMEOUTS = { connectionTimeoutMs: 10_000, requestTimeoutMs: 20_000 };
const OWN_KEY = { accessKeyId: 'OWNKEY', secretAccessKey: 's' };

describe('assumed roles', () => {
  let aws: ScriptedAws;
  let clients: AwsClients;
  /** the access keys by which EC2 was called */
  let keys: (string | undefined)[];
  let assumed: URLSearchParams[];
  let refusal: { status: number; code: string } | null;
  let lifeMs: number;

  beforeEach(async () => {
    [keys, assumed, refusal, lifeMs] = [[], [], null, 3_600_000];
    aws = await startScriptedAws((body, response, { headers }) => {
      const params = new URLSearchParams(body);
      if (params.get('Action') !== 'AssumeRole') {
        keys.push(/Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1]);
        sendXml(response, 200, '<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>');
        return;
      }
      assumed.push(params);
      if (refusal) {
        const error = `<Error><Code>${refusal.code}</Code><Message>'s3cr3t' is wrong</Message></Error>`;
        sendXml(response, refusal.status, `<ErrorResponse>${error}</ErrorResponse>`);
        return;
      }
      const expiration = new Date(Date.now() + lifeMs).toISOString();
      sendXml(
        response,
        200,
        `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE${assumed.length}</AccessKeyId>` +
          `<SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration>` +
          '</Credentials></AssumeRoleResult></AssumeRoleResponse>',
      );
    });
    clients = clientsWith(aws.endpoint);
  });
  afterEach(async () => {
    clients.destroy();
    await aws.stop();
  });

  const clientsWith = (stsEndpoint: string) =>
    new AwsClients(
      {
        ...{ ...TIMEOUTS, endpoint: aws.endpoint, credentials: OWN_KEY },
        roles: new AssumedRoles({
          ...{ ...TIMEOUTS, endpoint: stsEndpoint, credentials: OWN_KEY, externalId: new Secret('s3cr3t') },
          roles: [
            { region: '*', roleArn: OTHERS },
            { region: 'us-east-1', roleArn: ROLE },
          ],
        }),
      },
      callsOf(),
    );
  const describeIn = (region: string, client = clients.of(region).ec2) =>
    withComputeErrors({ action: 'DescribeInstances', region, changes: false }, () =>
      client.send(new DescribeInstancesCommand({})),
    );

  it("are a region's own, or the one of all others, one set for all clients of a region", async () => {
    await Promise.all([describeIn('us-east-1'), describeIn('us-east-1', clients.of('us-east-1').ec2Once)]);
    await describeIn('us-east-1', clients.of('us-east-1', 'sweep').ec2);
    await describeIn('eu-west-1');
    expect(assumed.map((params) => [params.get('RoleArn'), params.get('RoleSessionName')])).toEqual([
      [ROLE, 'cml-fleet'],
      [OTHERS, 'cml-fleet'],
    ]);
    expect(assumed[0]?.get('ExternalId')).toBe('s3cr3t');
    expect(keys).toEqual(['ROLE1', 'ROLE1', 'ROLE1', 'ROLE2']);
  });

  it('are taken anew before they end: in their last five minutes', async () => {
    lifeMs = 301_000;
    await describeIn('us-east-1');
    await describeIn('us-east-1');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 2_000);
    lifeMs = 3_600_000;
    await describeIn('us-east-1');
    await describeIn('us-east-1');
    jest.restoreAllMocks();
    expect(assumed).toHaveLength(2);
    expect(keys).toEqual(['ROLE1', 'ROLE1', 'ROLE2', 'ROLE2']);
  });

  it('leave a region without a role to the credentials that there are', async () => {
    const none = new AssumedRoles({
      ...TIMEOUTS,
      externalId: null,
      roles: [{ region: 'us-east-1', roleArn: ROLE }],
    });
    const own = { ...TIMEOUTS, endpoint: aws.endpoint, credentials: OWN_KEY, roles: none };
    const plain = new AwsClients(own, callsOf());
    await describeIn('eu-west-1', plain.of('eu-west-1').ec2);
    plain.destroy();
    expect([keys, assumed]).toEqual([['OWNKEY'], []]);
  });

  it('that AWS refuses are named with their region, without what AWS quotes', async () => {
    refusal = { status: 403, code: 'AccessDenied' };
    const error = await describeIn('us-east-1').catch((thrown: unknown) => thrown as ComputeError);
    expect(error).toBeInstanceOf(ComputeError);
    expect(error).toMatchObject({ failure: 'credentials', awsCode: 'AccessDenied', code: 'aws-refused' });
    expect((error as ComputeError).message).toContain(`${ROLE} for us-east-1`);
    expect(`${(error as ComputeError).message} ${(error as ComputeError).stack}`).not.toContain('s3cr3t');
    expect(keys).toEqual([]);
    refusal = null;
    await describeIn('us-east-1');
    expect(keys).toEqual(['ROLE2']);
  });

  it('that STS cannot be asked for are tried again later', async () => {
    refusal = { status: 503, code: 'ServiceUnavailable' };
    await expect(describeIn('us-east-1')).rejects.toMatchObject({
      failure: 'later',
      code: 'aws-unavailable',
    });
  });

  it('are asked for where AWS_ENDPOINT_URL_STS says', async () => {
    jest.replaceProperty(process, 'env', { AWS_ENDPOINT_URL_STS: aws.endpoint });
    const roles = new AssumedRoles({
      ...{ ...TIMEOUTS, credentials: OWN_KEY, externalId: null },
      roles: [{ region: '*', roleArn: OTHERS }],
    });
    const ec2 = new EC2Client({
      ...{ region: 'eu-west-1', endpoint: aws.endpoint },
      credentials: roles.of('eu-west-1') ?? OWN_KEY,
    });
    await describeIn('eu-west-1', ec2);
    ec2.destroy();
    roles.destroy();
    jest.restoreAllMocks();
    expect([keys, assumed[0]?.get('ExternalId')]).toEqual([['ROLE1'], null]);
  });
});
