import {
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

describe('start, stop and terminate', () => {
  it('answer the new state at once, while reads lag', async () => {
    const id = await fleet.launch('w');
    fleet.seconds(70);
    const stopped = await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(stopped.StoppingInstances).toEqual([
      {
        InstanceId: id,
        PreviousState: { Code: 16, Name: 'running' },
        CurrentState: { Code: 64, Name: 'stopping' },
      },
    ]);
    expect(await fleet.stateOf(id)).toBe('running');
    fleet.seconds(2);
    expect(await fleet.stateOf(id)).toBe('stopping');
    fleet.seconds(30);
    const [instance] = await fleet.describe({ InstanceIds: [id] });
    expect(instance).toMatchObject({
      State: { Code: 80, Name: 'stopped' },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
      PrivateIpAddress: '10.0.0.4',
    });
    expect(instance?.PublicIpAddress).toBeUndefined();
  });

  it('give a new public address at each start', async () => {
    const id = await fleet.launch('w');
    fleet.seconds(70);
    await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(40);
    await fleet.ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(62);
    const [instance] = await fleet.describe({ InstanceIds: [id] });
    expect(instance).toMatchObject({
      State: { Name: 'running' },
      PublicIpAddress: '198.18.0.2',
      LaunchTime: new Date('2026-11-23T08:01:50.000Z'),
    });
  });

  it('follow the state machine of EC2', async () => {
    const id = await fleet.launch('w');
    const ids = { InstanceIds: [id] };
    const ec2 = fleet.ec2();
    const incorrect = { name: 'IncorrectInstanceState' };
    await expect(ec2.send(new StopInstancesCommand(ids))).rejects.toMatchObject(incorrect);
    fleet.seconds(60);
    await expect(ec2.send(new StartInstancesCommand(ids))).resolves.toBeDefined();
    await ec2.send(new StopInstancesCommand(ids));
    await expect(ec2.send(new StartInstancesCommand(ids))).rejects.toMatchObject(incorrect);
    await expect(ec2.send(new StopInstancesCommand(ids))).resolves.toBeDefined();
    await ec2.send(new TerminateInstancesCommand(ids));
    await expect(ec2.send(new StopInstancesCommand(ids))).rejects.toMatchObject(incorrect);
    await expect(ec2.send(new TerminateInstancesCommand(ids))).resolves.toBeDefined();
  });

  it('show a terminated instance for an hour', async () => {
    const id = await fleet.launch('w');
    await fleet.ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(3600 + 31);
    expect(await fleet.stateOf(id)).toBe('terminated');
    fleet.seconds(1);
    await expect(fleet.stateOf(id)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  });

  it('touch no instance where one of the batch cannot be changed', async () => {
    const ready = await fleet.launch('ready');
    fleet.seconds(60);
    const fresh = await fleet.launch('fresh');
    const stop = new StopInstancesCommand({ InstanceIds: [ready, fresh] });
    await expect(fleet.ec2().send(stop)).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
    fleet.seconds(2);
    expect(await fleet.stateOf(ready)).toBe('running');
  });

  it('terminate all zones but the one with a protected instance', async () => {
    const kept = await fleet.launch('kept', { DisableApiTermination: true });
    const beside = await fleet.launch('beside');
    const away = await fleet.launch('away', { Placement: { AvailabilityZone: 'eu-west-1b' } });
    const terminate = new TerminateInstancesCommand({ InstanceIds: [kept, beside, away] });
    await expect(fleet.ec2().send(terminate)).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    fleet.seconds(2);
    expect(await Promise.all([kept, beside, away].map((id) => fleet.stateOf(id)))).toEqual([
      'pending',
      'pending',
      'shutting-down',
    ]);
  });

  it('name every unknown id', async () => {
    const bad = ['i-0000000000000000a', 'i-0000000000000000b'];
    const stop = new StopInstancesCommand({ InstanceIds: bad });
    await expect(fleet.ec2().send(stop)).rejects.toMatchObject({
      name: 'InvalidInstanceID.NotFound',
      message: `The instance IDs '${bad.join(', ')}' do not exist`,
    });
    await expect(fleet.stateOf('worker')).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' });
  });
});

describe('protection', () => {
  it('is put on and lifted, one attribute a call', async () => {
    const id = await fleet.launch('w');
    fleet.seconds(70);
    const modify = (more: object) =>
      fleet.ec2().send(new ModifyInstanceAttributeCommand({ InstanceId: id, ...more }));
    const both = { DisableApiStop: { Value: true }, DisableApiTermination: { Value: true } };
    await expect(modify(both)).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
    await modify({ DisableApiStop: { Value: true } });
    const stop = () => fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    await expect(stop()).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    await modify({ DisableApiStop: { Value: false } });
    await expect(stop()).resolves.toBeDefined();
  });
});

describe('the instance type', () => {
  it('changes only while the instance is stopped', async () => {
    const id = await fleet.launch('w');
    const change = () =>
      fleet
        .ec2()
        .send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 'c5.metal' } }));
    fleet.seconds(70);
    await expect(change()).rejects.toMatchObject({ name: 'IncorrectInstanceState' });
    await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(40);
    await change();
    fleet.seconds(2);
    expect(await fleet.describe({ InstanceIds: [id] })).toMatchObject([{ InstanceType: 'c5.metal' }]);
  });
});
