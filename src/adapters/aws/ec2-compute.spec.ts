import { REGION, START } from '../../simulator/testing/simulated-fleet';
import { Ec2Compute } from './ec2-compute';
import { Ec2Bench, WORKER } from '../../../test/support/ec2-bench';

const UNKNOWN_INSTANCE = 'i-0123456789abcdef0';

let bench: Ec2Bench;
let fleet: Ec2Bench['fleet'];
let clients: Ec2Bench['clients'];
let compute: Ec2Bench['compute'];

beforeEach(async () => {
  bench = await Ec2Bench.start();
  ({ fleet, clients, compute } = bench);
});
afterEach(() => bench.stop());

const aSpec = (...given: Parameters<Ec2Bench['aSpec']>) => bench.aSpec(...given);
const soon = () => bench.soon();
const launched = () => bench.launched();
const callsOf = (action: string) => bench.callsOf(action);

describe('a launch', () => {
  it('is prepared in full without a call', () => {
    const placement = { instanceType: 'm5zn.metal', subnetId: 'subnet-1' };
    const image = { amiId: 'ami-1', amiName: 'cml', rootDeviceName: null };
    const spec = aSpec({ attempt: 2, image, placement }, { securityGroupIds: ['sg-1'] });
    const { body, ...request } = compute.prepareLaunch(spec, START);
    const Tags = [
      { Key: 'team', Value: 'net' },
      { Key: 'Name', Value: 'lab-1' },
      { Key: 'managed-by', Value: 'cml-fleet' },
      { Key: 'cml-fleet:worker-id', Value: WORKER },
      { Key: 'cml-fleet:installation-id', Value: 'inst-1' },
    ];

    expect(request).toEqual({
      attempt: 2,
      clientToken: `${WORKER}-2`,
      placement,
      amiId: 'ami-1',
      amiName: 'cml',
      tags: { team: 'net', Name: 'lab-1' },
      at: START,
      tries: 0,
      triedAt: null,
    });
    expect(JSON.parse(body)).toEqual({
      ClientToken: `${WORKER}-2`,
      MinCount: 1,
      MaxCount: 1,
      ImageId: 'ami-1',
      InstanceType: 'm5zn.metal',
      SubnetId: 'subnet-1',
      SecurityGroupIds: ['sg-1'],
      MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      TagSpecifications: [
        { ResourceType: 'instance', Tags },
        { ResourceType: 'volume', Tags },
      ],
    });
    expect(fleet.world.calls).toEqual([]);
  });

  it('lets no tag of people pass for an owner tag', () => {
    const { body } = compute.prepareLaunch(aSpec({ tags: { 'cml-fleet:worker-id': 'another' } }), START);

    expect(body).not.toContain('another');
  });

  it('answers the instance, with the tags that it was launched with', async () => {
    const reading = await compute.launch(REGION, compute.prepareLaunch(aSpec(), START), soon());

    expect(reading).toMatchObject({
      status: 'PENDING',
      accountId: '123456789012',
      instanceType: 'm5zn.metal',
      clientToken: `${WORKER}-1`,
      launchedAt: START,
      tags: {
        team: 'net',
        Name: 'lab-1',
        'managed-by': 'cml-fleet',
        'cml-fleet:worker-id': WORKER,
        'cml-fleet:installation-id': 'inst-1',
      },
    });
  });

  it('that was carried out but not answered is found by its token, and sent again makes no second instance', async () => {
    fleet.world.failNext({ action: 'RunInstances', applied: true, cut: true });
    const request = compute.prepareLaunch(aSpec(), START);

    await expect(compute.launch(REGION, request, soon())).rejects.toMatchObject({ failure: 'unclear' });
    fleet.seconds(5);
    const found = await compute.findByClientToken(REGION, request.clientToken);
    const repeated = await compute.launch(REGION, request, soon());

    expect(found?.instanceId).toBe(repeated.instanceId);
    const [first, second] = fleet.world.calls.filter(({ action }) => action === 'RunInstances');
    expect(second?.params).toEqual(first?.params);
    expect(await fleet.describe()).toHaveLength(1);
  });

  it('whose token was used for another request is spent', async () => {
    await compute.launch(REGION, compute.prepareLaunch(aSpec(), START), soon());
    const other = compute.prepareLaunch(
      aSpec({ placement: { instanceType: 'c5.2xlarge', subnetId: null } }),
      START,
    );

    await expect(compute.launch(REGION, other, soon())).rejects.toMatchObject({
      failure: 'token-spent',
      awsCode: 'IdempotentParameterMismatch',
    });
  });

  it('without capacity is sent once, and later again', async () => {
    const fault = { applied: false, code: 'InsufficientInstanceCapacity', httpStatus: 500 };
    fleet.world.failNext({ action: 'RunInstances', ...fault });

    await expect(compute.launch(REGION, compute.prepareLaunch(aSpec(), START), soon())).rejects.toMatchObject(
      {
        failure: 'capacity',
        awsCode: 'InsufficientInstanceCapacity',
      },
    );
    expect(callsOf('RunInstances')).toBe(1);
  });
});

it('finds no instance by a token that was never sent', async () => {
  expect(await compute.findByClientToken(REGION, 'never')).toBeNull();
});

describe('an image', () => {
  it('is found by its id, with its name', async () => {
    const { id, name } = fleet.world.cmlImage(REGION);

    expect(await compute.resolveImage(REGION, { amiId: id, amiName: null, owners: [] })).toEqual({
      amiId: id,
      amiName: name,
      rootDeviceName: '/dev/sda1',
    });
  });

  it('is the newest of those that the name matches', async () => {
    const { id, name } = fleet.world.cmlImage(REGION);

    const image = await compute.resolveImage(REGION, { amiId: null, amiName: 'cml-2.*', owners: [] });

    expect(image).toEqual({ amiId: id, amiName: name, rootDeviceName: '/dev/sda1' });
  });

  it('of somebody else is not found by its name, unless its owner is trusted', async () => {
    const wanted = { amiId: null, amiName: 'ubuntu/images/*', owners: [] };
    await expect(compute.resolveImage(REGION, wanted)).rejects.toMatchObject({
      failure: 'rejected',
      awsCode: 'InvalidAMIID.NotFound',
    });

    const options = { installationId: 'inst-1', imageOwnerIds: ['099720109477'] };
    const trusting = new Ec2Compute(clients, fleet.machine, options);
    const { amiName } = await trusting.resolveImage(REGION, wanted);
    expect(amiName).toMatch(/^ubuntu/);
    const asked = { ...wanted, owners: ['099720109477'] };
    expect(await compute.resolveImage(REGION, asked)).toMatchObject({ amiName });
  });

  it('that is not there is refused with a way out', async () => {
    const wanted = { amiId: 'ami-00000000000000000', amiName: null, owners: [] };

    await expect(compute.resolveImage(REGION, wanted)).rejects.toMatchObject({
      failure: 'rejected',
      awsCode: 'InvalidAMIID.NotFound',
      message: expect.stringContaining('not shared with the account') as string,
    });
  });
});

describe('an instance', () => {
  it('is described; one that EC2 does not know is null', async () => {
    const id = await launched();

    expect(await compute.describe(REGION, id)).toMatchObject({ instanceId: id, status: 'RUNNING' });
    expect(await compute.describe(REGION, UNKNOWN_INSTANCE)).toBeNull();
  });

  it('stops, starts and is terminated, each with the state that EC2 answers', async () => {
    const id = await launched();

    expect(await compute.stop(REGION, id, { sendBefore: null, force: false })).toBe('STOPPING');
    fleet.seconds(600);
    expect(await compute.start(REGION, id)).toBe('PENDING');
    fleet.seconds(600);
    expect(await compute.terminate(REGION, id)).toBe('SHUTTING_DOWN');
  });

  it('that is not in a state for the call says so', async () => {
    const id = await launched();
    await compute.stop(REGION, id, { sendBefore: null, force: false });

    await expect(compute.start(REGION, id)).rejects.toMatchObject({ failure: 'wrong-state' });
  });

  it('that stops is forced to, without waiting for its operating system', async () => {
    const id = await launched();
    expect(await compute.stop(REGION, id, { sendBefore: null, force: true })).toBe('STOPPING');
    expect(fleet.world.calls.at(-1)?.params).toMatchObject({ Force: 'true' });
  });

  it('is tagged as managed; a policy that forbids it is named', async () => {
    const id = await fleet.launch('theirs');
    await compute.tagAsManaged(REGION, { instanceId: id, market: 'on-demand' }, WORKER);
    fleet.seconds(5);
    expect((await compute.describe(REGION, id))?.tags).toEqual({
      Name: 'theirs',
      'managed-by': 'cml-fleet',
      'cml-fleet:worker-id': WORKER,
      'cml-fleet:installation-id': 'inst-1',
    });

    const fault = { applied: false, code: 'UnauthorizedOperation', httpStatus: 403 };
    fleet.world.failNext({ action: 'CreateTags', ...fault });
    const tagging = compute.tagAsManaged(REGION, { instanceId: id, market: 'on-demand' }, WORKER);
    await expect(tagging).rejects.toMatchObject({ failure: 'rejected', awsCode: 'UnauthorizedOperation' });
  });
});
