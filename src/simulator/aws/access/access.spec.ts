import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, CREDENTIALS, REGION, type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

const OTHER = '210987654321';
const ROLE = `arn:aws:iam::${OTHER}:role/fleet-manager`;
const UNKNOWN_ID = 'i-0000000000000000a';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet({
    regions: [REGION, 'us-east-1'],
    regionAccounts: { 'us-east-1': OTHER },
    roles: [{ arn: ROLE, externalId: 'ours' }, { arn: `arn:aws:iam::${ACCOUNT}:role/own` }],
  });
});
afterEach(() => fleet.stop());

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
const clientFor = (credentials: Keys, region: string) =>
  new EC2Client({ endpoint: fleet.awsEndpoint, region, credentials, maxAttempts: 1 });
const sts = (credentials: Keys = CREDENTIALS) =>
  new STSClient({ endpoint: fleet.awsEndpoint, region: REGION, credentials, maxAttempts: 1 });

async function assume(ExternalId: string | undefined, RoleArn = ROLE): Promise<Keys> {
  const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ExternalId });
  const { Credentials: keys } = await sts().send(command);
  return {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken,
  };
}

describe('a role of another account', () => {
  const describeThere = (keys: Keys) => clientFor(keys, 'us-east-1').send(new DescribeInstancesCommand({}));

  it('opens the regions of its account only', async () => {
    await expect(describeThere(CREDENTIALS)).rejects.toMatchObject({ name: 'AuthFailure' });
    const keys = await assume('ours');
    expect(await sts(keys).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: OTHER,
      Arn: `arn:aws:sts::${OTHER}:assumed-role/fleet-manager/test`,
    });
    fleet.world.populate(1, { regions: ['us-east-1'], tags: () => ({}) });
    expect((await describeThere(keys)).Reservations).toMatchObject([{ OwnerId: OTHER }]);
    await expect(clientFor(keys, REGION).send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
      name: 'AuthFailure',
    });
  });

  it('is not to be had without the external id', async () => {
    const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
    await expect(assume(undefined)).rejects.toMatchObject(denied);
    await expect(assume('theirs')).rejects.toMatchObject(denied);
    await expect(assume('ours', `${ROLE}-2`)).rejects.toMatchObject(denied);
    await expect(assume('any', `arn:aws:iam::${ACCOUNT}:role/own`)).resolves.toBeDefined();
  });

  it('is lent for a time', async () => {
    const keys = await assume('ours');
    fleet.world.identities.expireSessions();
    await expect(describeThere(keys)).rejects.toMatchObject({ name: 'RequestExpired' });
    const identity = new GetCallerIdentityCommand({});
    await expect(sts(keys).send(identity)).rejects.toMatchObject({ name: 'ExpiredToken' });
    const credentials = keys;
    const cloudWatch = new CloudWatchClient({
      endpoint: fleet.awsEndpoint,
      region: 'us-east-1',
      credentials,
    });
    const window = { StartTime: fleet.clock.now(), EndTime: fleet.clock.now() };
    await expect(
      cloudWatch.send(new GetMetricDataCommand({ ...window, MetricDataQueries: [] })),
    ).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    await expect(describeThere(await assume('ours'))).resolves.toBeDefined();
  });

  it('is not opened by keys that were made up', async () => {
    const made = { ...(await assume('ours')), sessionToken: 'other' };
    await expect(describeThere(made)).rejects.toMatchObject({ name: 'AuthFailure' });
  });
});

describe('rights', () => {
  const stop = (id: string, DryRun = false) =>
    fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id], DryRun }));
  const tag = (id: string) =>
    fleet.ec2().send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] }));
  const denied = { name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 } };
  const unknown = { name: 'InvalidInstanceID.NotFound' };

  it('are taken away and given back while the world runs', async () => {
    fleet.world.deny('RunInstances');
    await expect(fleet.launch('w')).rejects.toMatchObject({
      ...denied,
      message: expect.stringMatching(
        /user\/fleet is not authorized to perform: ec2:RunInstances .* Encoded authorization failure message: \S+$/,
      ) as string,
    });
    fleet.world.permit('RunInstances');
    await expect(fleet.launch('w')).resolves.toBeDefined();
  });

  it('are asked before the instance is looked for', async () => {
    await expect(stop(UNKNOWN_ID)).rejects.toMatchObject(unknown);
    fleet.world.deny('StopInstances');
    await expect(stop(UNKNOWN_ID)).rejects.toMatchObject(denied);
  });

  it('may depend on a tag, and then the instance is looked for first', async () => {
    const Tags = [{ Key: 'managed-by', Value: 'cml-fleet' }];
    const managed = await fleet.launch('m', { TagSpecifications: [{ ResourceType: 'instance', Tags }] });
    const other = await fleet.launch('o');
    fleet.minutes(2);
    fleet.world.deny('StopInstances', { unlessTagged: { key: 'managed-by', value: 'cml-fleet' } });
    await expect(stop(UNKNOWN_ID)).rejects.toMatchObject(unknown);
    await expect(stop(other)).rejects.toMatchObject(denied);
    await expect(stop(managed)).resolves.toBeDefined();
  });

  it('to tag may be given for launches only', async () => {
    fleet.world.deny('CreateTags', { unlessCreating: true });
    const id = await fleet.launch('w');
    await expect(tag(id)).rejects.toMatchObject(denied);
    fleet.world.deny('CreateTags');
    await expect(fleet.launch('w')).rejects.toMatchObject(denied);
    const bare = { MinCount: 1, MaxCount: 1, ImageId: fleet.world.cmlImage(REGION).id };
    await expect(fleet.ec2().send(new RunInstancesCommand(bare))).resolves.toBeDefined();
  });

  it('are tried by a dry run, which needs the instance', async () => {
    const id = await fleet.launch('w');
    fleet.minutes(2);
    await expect(stop(id, true)).rejects.toMatchObject({ name: 'DryRunOperation' });
    await expect(stop(UNKNOWN_ID, true)).rejects.toMatchObject(unknown);
    fleet.world.deny('Stop*');
    await expect(stop(id, true)).rejects.toMatchObject(denied);
    fleet.seconds(2);
    expect(await fleet.stateOf(id)).toBe('running');
  });
});
