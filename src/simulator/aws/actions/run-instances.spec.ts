import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { ACCOUNT, REGION, START, type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

describe('a launch', () => {
  it('answers the pending instance with what was asked for', async () => {
    const image = fleet.world.cmlImage(REGION);
    const answer = await fleet.ec2().send(
      new RunInstancesCommand({
        MinCount: 1,
        MaxCount: 1,
        ImageId: image.id,
        InstanceType: 'c5.metal',
        ClientToken: 'token-1',
        SubnetId: 'subnet-7',
        SecurityGroupIds: ['sg-1', 'sg-2'],
        MetadataOptions: { HttpTokens: 'required' },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'a < b & c' }] }],
      }),
    );
    expect(answer.OwnerId).toBe(ACCOUNT);
    expect(answer.Instances).toHaveLength(1);
    expect(answer.Instances?.[0]).toMatchObject({
      ImageId: image.id,
      InstanceType: 'c5.metal',
      State: { Code: 0, Name: 'pending' },
      ClientToken: 'token-1',
      SubnetId: 'subnet-7',
      Placement: { AvailabilityZone: 'eu-west-1a' },
      PrivateIpAddress: '10.0.0.4',
      PublicIpAddress: '198.18.0.1',
      SecurityGroups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }],
      MetadataOptions: { HttpTokens: 'required' },
      Tags: [{ Key: 'Name', Value: 'a < b & c' }],
      LaunchTime: START,
    });
  });

  it('keeps the role and the user data, of which reads show the role', async () => {
    const id = await fleet.launch('w', {
      IamInstanceProfile: { Name: 'cml' },
      UserData: Buffer.from('#cloud-config').toString('base64'),
      KeyName: 'key',
    });
    fleet.seconds(2);
    const [instance] = await fleet.describe({ InstanceIds: [id] });
    expect(instance).toMatchObject({
      IamInstanceProfile: { Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/cml` },
      KeyName: 'key',
    });
    expect(JSON.stringify(instance)).not.toContain('cloud-config');
    expect(atob(fleet.world.instance(id).launch.userData ?? '')).toBe('#cloud-config');
  });

  it('is invisible to reads for the lag and runs after the boot', async () => {
    const id = await fleet.launch('w');
    fleet.seconds(1);
    expect(await fleet.describe()).toEqual([]);
    await expect(fleet.stateOf(id)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    fleet.seconds(1);
    expect(await fleet.stateOf(id)).toBe('pending');
    fleet.seconds(59);
    expect(await fleet.stateOf(id)).toBe('pending');
    fleet.seconds(1);
    expect(await fleet.stateOf(id)).toBe('running');
  });

  it('takes longer on metal', async () => {
    const id = await fleet.launch('w', { InstanceType: 'c5.metal' });
    fleet.seconds(301);
    expect(await fleet.stateOf(id)).toBe('pending');
    fleet.seconds(1);
    expect(await fleet.stateOf(id)).toBe('running');
  });

  it('happens once for one token', async () => {
    const first = await fleet.launch('w', { ClientToken: 't' });
    const second = await fleet.launch('w', { ClientToken: 't' });
    expect(second).toBe(first);
    await expect(fleet.launch('other name', { ClientToken: 't' })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
    expect(await fleet.launch('w', { ClientToken: 't', SubnetId: 'subnet-2' })).not.toBe(first);
  });

  it('is refused for the token of a terminated instance', async () => {
    const id = await fleet.launch('w', { ClientToken: 't' });
    await fleet.ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(30);
    await expect(fleet.launch('w', { ClientToken: 't' })).rejects.toMatchObject({
      name: 'IdempotentInstanceTerminated',
    });
  });

  it.each([
    ['ami-0000000000000000f', 'InvalidAMIID.NotFound'],
    ['ubuntu', 'InvalidAMIID.Malformed'],
  ])('of image %s fails with %s', async (ImageId, name) => {
    await expect(fleet.launch('w', { ImageId })).rejects.toMatchObject({ name });
  });
});
