import { type AwsClients } from '../aws-clients';
import { awsClientsFor } from '../testing/aws-clients';
import { type ScriptedRights, startScriptedRights } from '../testing/scripted-rights';
import { examineRegion, type RegionFindings } from './examine-region';
import { NEEDED_RIGHTS } from './needed-rights';

const REGION = 'eu-west-1';
const NOW = new Date('2027-01-15T08:00:00.000Z');
const ACTIONS = NEEDED_RIGHTS.map(({ action }) => action);
const TAGGED = NEEDED_RIGHTS.filter(({ on }) => on !== null).map(({ action }) => action);

describe('the examination of a region', () => {
  let aws: ScriptedRights;
  let clients: AwsClients;

  beforeEach(async () => {
    aws = await startScriptedRights();
    aws.now = () => NOW;
    clients = awsClientsFor(aws.endpoint);
  });
  afterEach(async () => {
    clients.destroy();
    await aws.stop();
  });

  const examine = (now = NOW) =>
    examineRegion(clients.of(REGION), REGION, { rights: NEEDED_RIGHTS, now: () => now });
  const withManaged = () =>
    Object.assign(aws.managed, {
      instanceId: 'i-0a1b2c3d4e5f60718',
      spotRequestId: 'sir-0a1b2c3d',
      volumeId: 'vol-0a1b2c3d4e5f60718',
      allocationId: 'eipalloc-0a1b2c3d4e5f60718',
    });
  const that = (verdict: string, { rights }: RegionFindings) =>
    rights.filter((right) => right.verdict === verdict).map(({ action }) => action);

  it('finds who we are, and that nothing is missing where there is a managed instance', async () => {
    withManaged();
    const found = await examine();
    expect(found).toMatchObject({
      ...{ region: REGION, refusal: null, clockAheadSeconds: 0 },
      identity: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/fleet' },
    });
    expect(that('ok', found)).toEqual(ACTIONS);
  });

  it('changes nothing, and tries rights as they are used', async () => {
    withManaged();
    await examine();
    const changes = [...aws.calls].filter(([action]) => !/Describe|GetMetricData|sts:/.test(action));
    expect(changes.map(([action]) => action)).toHaveLength(TAGGED.length + 1);
    expect(changes.filter(([, params]) => params.get('DryRun') !== 'true')).toEqual([]);
    expect(aws.calls.get('ec2:StopInstances')?.get('InstanceId.1')).toBe('i-0a1b2c3d4e5f60718');
    const launch = Object.fromEntries(aws.calls.get('ec2:RunInstances') ?? []);
    expect(launch).toMatchObject({
      ...{ ImageId: 'ami-0f1e2d3c4b5a69780', InstanceType: 'm5zn.metal' },
      ...{ 'MetadataOptions.HttpTokens': 'required', 'TagSpecification.1.ResourceType': 'instance' },
      ...{ 'TagSpecification.1.Tag.1.Key': 'managed-by', 'TagSpecification.1.Tag.1.Value': 'cml-fleet' },
    });
  });

  it.each(ACTIONS)('names %s when it alone is missing', async (action) => {
    withManaged();
    aws.denied.add(action);
    const found = await examine();
    expect(that('missing', found)).toEqual([action]);
    expect(found.rights.find((right) => right.action === action)?.detail).toBe(
      NEEDED_RIGHTS.find((right) => right.action === action)?.purpose,
    );
  });

  it('cannot tell of rights that hang on the tag where nothing is managed and AWS denies all of them', async () => {
    const found = await examine();
    expect([that('missing', found), that('unknown', found)]).toEqual([[], TAGGED]);
    expect(found.rights.find(({ verdict }) => verdict === 'unknown')?.detail).toContain('made-up instance');
  });

  it('names the missing one where nothing is managed, but AWS lets others get further', async () => {
    aws.looksAtTags = false;
    aws.denied.add('ec2:StopInstances');
    const found = await examine();
    expect(that('missing', found)).toEqual(['ec2:StopInstances']);
    expect(that('unknown', found)).toEqual(TAGGED.filter((action) => action !== 'ec2:StopInstances'));
  });

  it('knows by another right whether AWS looks at tags first', async () => {
    Object.assign(withManaged(), { allocationId: null });
    aws.denied.add('ec2:ReleaseAddress');
    expect(that('unknown', await examine())).toEqual(['ec2:ReleaseAddress']);
    aws.looksAtTags = false;
    expect(that('missing', await examine())).toEqual(['ec2:ReleaseAddress']);
  });

  it('does not blame the launch for the right to tag', async () => {
    withManaged();
    aws.denied.add('ec2:CreateTags');
    const { rights } = await examine();
    expect(rights.find(({ action }) => action === 'ec2:RunInstances')).toEqual({
      ...{ action: 'ec2:RunInstances', verdict: 'unknown' },
      detail: 'AWS denies ec2:CreateTags, which goes with it',
    });
  });

  it('tells how far the clock is off', async () => {
    expect((await examine(new Date(NOW.getTime() + 90_000))).clockAheadSeconds).toBe(90);
    expect((await examine(new Date(NOW.getTime() - 12_000))).clockAheadSeconds).toBe(-12);
  });

  it('tries nothing where AWS does not let us in, and says why', async () => {
    aws.account = null;
    const found = await examine();
    expect(found).toMatchObject({ identity: null, clockAheadSeconds: 0 });
    expect(found.refusal).toContain('InvalidClientTokenId');
    expect(that('unknown', found)).toEqual(ACTIONS);
    expect([...aws.calls.keys()]).toEqual(['sts:GetCallerIdentity']);
  });

  it('says that AWS cannot be reached', async () => {
    const nowhere = awsClientsFor('http://127.0.0.1:9');
    const found = await examineRegion(nowhere.of(REGION), REGION, { rights: NEEDED_RIGHTS, now: () => NOW });
    nowhere.destroy();
    expect(found).toMatchObject({ identity: null, clockAheadSeconds: null });
    expect(found.refusal).toContain('ECONNREFUSED');
  });
});
