import { StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { READY_AFTER_SECONDS, type SimulatedFleet, START, startFleet } from '../testing/simulated-fleet';
import { busy, leaves, neverComes, unreadable } from './people';
import { actsOf, type Persona } from './persona';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

/** Minutes from the start of the world. */
const minute = (count: number) => new Date(START.getTime() + count * 60_000);

const send = (action: 'start' | 'stop', id: string) => {
  const ids = { InstanceIds: [id] };
  return action === 'start'
    ? fleet.ec2().send(new StartInstancesCommand(ids))
    : fleet.ec2().send(new StopInstancesCommand(ids));
};

describe('on a server of the world', () => {
  it('a busy person works on and on', async () => {
    fleet.world.cast('*-busy', busy);
    const id = await fleet.launch('a-busy');
    fleet.seconds(READY_AFTER_SECONDS);
    expect(fleet.world.truth(id)).toEqual({ inUse: false, runningLabs: 0, lastUsedAt: null });
    fleet.minutes(3);
    expect(fleet.world.truth(id)).toEqual({ inUse: true, runningLabs: 1, lastUsedAt: minute(6) });
    fleet.minutes(24 * 60);
    expect(fleet.world.truth(id)).toEqual({ inUse: true, runningLabs: 1, lastUsedAt: minute(24 * 60 + 6) });
  });

  it('one leaves after a while', async () => {
    fleet.world.cast('*', leaves(20));
    const id = await fleet.launch('w');
    fleet.minutes(3 + 2 + 19);
    expect(fleet.world.truth(id).inUse).toBe(true);
    fleet.minutes(60);
    expect(fleet.world.truth(id)).toEqual({ inUse: false, runningLabs: 0, lastUsedAt: minute(25) });
    const categories = fleet.world.server(id).telemetry.map(({ category }) => category);
    expect(categories.filter((category) => /_lab$/.test(category))).toEqual([
      'import_lab',
      'start_lab',
      'stop_lab',
    ]);
  });

  it('nobody comes where nobody was cast, or one who never comes', async () => {
    fleet.world.cast('*-busy', busy);
    fleet.world.cast('never', neverComes);
    const ids = [await fleet.launch('other'), await fleet.launch('never')];
    fleet.minutes(600);
    expect(ids.map((id) => fleet.world.truth(id).lastUsedAt)).toEqual([null, null]);
  });

  it('it becomes unreadable in time while people go on', async () => {
    fleet.world.cast('*', unreadable('hang', 10, busy));
    const id = await fleet.launch('w');
    fleet.minutes(12);
    expect(fleet.world.server(id).fault).toBe('none');
    fleet.minutes(1);
    expect(fleet.world.server(id).fault).toBe('hang');
    expect(fleet.world.truth(id).inUse).toBe(true);
  });

  it('a stop interrupts who works, and they begin again after the next boot', async () => {
    fleet.world.cast('*', busy);
    const id = await fleet.launch('w');
    fleet.minutes(30);
    expect(fleet.world.truth(id).inUse).toBe(true);
    await send('stop', id);
    expect(fleet.world.interruptions()).toEqual([
      { instanceId: id, at: minute(30), labs: ['BGP route reflectors'] },
    ]);
    expect(fleet.world.truth(id)).toMatchObject({ inUse: false, lastUsedAt: minute(30) });
    fleet.minutes(60);
    expect(fleet.world.truth(id).lastUsedAt).toEqual(minute(30));
    await send('start', id);
    fleet.minutes(5);
    expect(fleet.world.truth(id)).toEqual({ inUse: false, runningLabs: 0, lastUsedAt: minute(95) });
    fleet.minutes(1);
    expect(fleet.world.truth(id)).toEqual({ inUse: true, runningLabs: 1, lastUsedAt: minute(96) });
    expect(fleet.world.interruptions()).toHaveLength(1);
  });

  it('a stop of an unused server interrupts nobody', async () => {
    fleet.world.cast('*', leaves(20));
    const id = await fleet.launch('w');
    fleet.minutes(60);
    await send('stop', id);
    fleet.minutes(60);
    expect(fleet.world.interruptions()).toEqual([]);
  });

  it('looking often or once makes no difference', async () => {
    fleet.world.cast('*', leaves(20));
    const [often, once] = [await fleet.launch('often'), await fleet.launch('once')];
    for (let n = 0; n < 560; n += 1) {
      fleet.seconds(5);
      fleet.world.truth(often);
    }
    const seen = (id: string) =>
      fleet.world.server(id).telemetry.map(({ at, category }) => `${at.toISOString()} ${category}`);
    expect(seen(often)).toEqual(seen(once));
    expect(seen(once).length).toBeGreaterThan(15);
  });
});

it('a visit repeats, and a late span starts in the middle of things', () => {
  const daily: Persona = {
    name: 'daily',
    sessions: [
      {
        ...{ user: 'eve', afterReadyMinutes: 0, lengthMinutes: 60, labs: ['lab'], workEveryMinutes: 20 },
        repeatEveryMinutes: 24 * 60,
      },
    ],
  };
  const day = 24 * 60;
  const acts = actsOf(daily, START, { after: minute(day + 30), until: minute(2 * day + 25) });
  expect(acts.map(({ at, kind }) => [(at.getTime() - START.getTime()) / 60_000, kind])).toEqual([
    [day + 41, 'work'],
    [day + 60, 'stop-lab'],
    [2 * day, 'log-in'],
    [2 * day + 1, 'start-lab'],
    [2 * day + 21, 'work'],
  ]);
});
