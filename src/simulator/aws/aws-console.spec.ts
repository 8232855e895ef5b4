import { DescribeInstanceStatusCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { plus } from '../../kernel/clocks';
import { busy } from '../people/people';
import { type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

let fleet: SimulatedFleet;
let id: string;
beforeEach(async () => {
  fleet = await startFleet();
  fleet.world.cast('*', busy);
  id = await fleet.launch('w');
  fleet.minutes(15);
});
afterEach(() => fleet.stop());

const person = () => fleet.world.console;

async function seen() {
  fleet.seconds(2);
  const [instance] = await fleet.describe({ InstanceIds: [id] });
  return `${instance?.State?.Name} ${instance?.StateReason?.Code ?? ''}`.trim();
}

async function status() {
  fleet.seconds(2);
  const answer = await fleet.ec2().send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
  return answer.InstanceStatuses?.[0];
}

describe('a person', () => {
  it('stops, changes, starts and terminates', async () => {
    person().stop(id);
    fleet.seconds(40);
    expect(await seen()).toBe('stopped Client.UserInitiatedShutdown');
    person().changeType(id, 'c5.metal');
    person().start(id);
    fleet.minutes(6);
    expect(await seen()).toBe('running');
    expect(await fleet.describe()).toMatchObject([{ InstanceType: 'c5.metal' }]);
    person().terminate(id);
    fleet.minutes(1);
    expect(await seen()).toBe('terminated Client.UserInitiatedShutdown');
  });

  it('tags and protects', async () => {
    person().setTags(id, { team: 'blue' });
    person().removeTags(id, ['Name']);
    fleet.seconds(2);
    expect(await fleet.describe()).toMatchObject([{ Tags: [{ Key: 'team', Value: 'blue' }] }]);
    person().protect(id, { stop: true });
    expect(() => person().stop(id)).toThrow('may not be stopped');
    person().shutDown(id);
    fleet.minutes(1);
    expect(await seen()).toBe('stopped Client.InstanceInitiatedShutdown');
  });
});

describe('AWS', () => {
  it('announces a retirement, and stops the instance when the time has come', async () => {
    const notBefore = plus(fleet.clock.now(), 3_600_000);
    person().scheduleEvent(id, { code: 'instance-retirement', notBefore });
    expect((await status())?.Events).toEqual([
      {
        InstanceEventId: expect.stringMatching(/^instance-event-[0-9a-f]{17}$/) as string,
        Code: 'instance-retirement',
        Description: 'The instance is running on degraded hardware',
        NotBefore: notBefore,
      },
    ]);
    fleet.minutes(59);
    expect(await seen()).toBe('running');
    fleet.minutes(2);
    expect(await seen()).toBe('stopped Server.ScheduledStop');
  });

  it('forgets a retirement with a stop and a start', async () => {
    person().scheduleEvent(id, {
      code: 'instance-retirement',
      notBefore: plus(fleet.clock.now(), 3_600_000),
    });
    person().stop(id);
    fleet.minutes(1);
    person().start(id);
    fleet.minutes(2);
    expect((await status())?.Events).toEqual([]);
    fleet.minutes(90);
    expect(await seen()).toBe('running');
  });

  it('reboots, which interrupts what runs', async () => {
    person().scheduleEvent(id, { code: 'system-reboot', notBefore: plus(fleet.clock.now(), 60_000) });
    expect(fleet.world.truth(id).inUse).toBe(true);
    fleet.seconds(70);
    expect(fleet.world.truth(id).inUse).toBe(false);
    expect(fleet.world.interruptions()).toMatchObject([{ instanceId: id }]);
    expect(await status()).toMatchObject({
      InstanceState: { Name: 'running' },
      InstanceStatus: { Status: 'initializing' },
      Events: [{ Description: expect.stringContaining('[Completed]') as string }],
    });
  });

  it('lets status checks fail until a start', async () => {
    person().impair(id, { system: true, instance: true });
    expect(await status()).toMatchObject({
      SystemStatus: { Status: 'impaired', Details: [{ Name: 'reachability', Status: 'failed' }] },
      InstanceStatus: { Status: 'impaired' },
    });
    person().stop(id);
    fleet.minutes(1);
    person().start(id);
    fleet.minutes(5);
    expect(await status()).toMatchObject({
      SystemStatus: { Status: 'ok' },
      InstanceStatus: { Status: 'ok' },
    });
  });

  it('hangs in stopping until it is forced', async () => {
    person().hangStopping(id);
    const stop = (Force: boolean) => fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id], Force }));
    await stop(false);
    fleet.minutes(60);
    expect(await seen()).toBe('stopping Client.UserInitiatedShutdown');
    await stop(false);
    fleet.minutes(60);
    expect(await seen()).toBe('stopping Client.UserInitiatedShutdown');
    await stop(true);
    fleet.minutes(1);
    expect(await seen()).toBe('stopped Client.UserInitiatedShutdown');
  });

  it('hangs in the stop that is under way', async () => {
    person().stop(id);
    fleet.seconds(10);
    person().hangStopping(id);
    fleet.minutes(60);
    expect(await seen()).toBe('stopping Client.UserInitiatedShutdown');
  });

  it('lets the boot that is under way fail', async () => {
    person().stop(id);
    fleet.minutes(1);
    expect(() => person().failBoot(id, 'Server.InternalError')).toThrow('is not booting');
    person().start(id);
    person().failBoot(id, 'Server.InternalError');
    fleet.seconds(5);
    expect(await seen()).toBe('stopped Server.InternalError');
  });
});
