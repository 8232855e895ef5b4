import { MINUTE, plus } from '../../kernel/clocks';
import { instanceSeen, type SeenInstance } from './ec2-observation';
import { type Observation } from './observation';

const AT = new Date('2026-03-02T09:00:00.000Z');
const HEALTH = { checks: { system: 'ok', instance: 'ok' }, scheduledEvents: [] };
const TAKEN = { code: 'marked-for-termination', message: 'soon' };
const WHERE = { publicIp: null, privateIp: null, instanceType: 'c5.metal' };

/** The health in the last of these readings, a minute apart. */
function after(...readings: (Partial<SeenInstance> & { status: string })[]) {
  let observation: Observation<'ec2'> | undefined;
  readings.forEach((reading, index) => {
    const seen = { ...WHERE, health: null, interruption: null, ...reading };
    observation = instanceSeen(observation, 'w1', seen, plus(AT, index * MINUTE), null);
  });
  const { checks, scheduledEvents, healthReadAt, interruption } = observation?.values ?? {};
  return { checks, scheduledEvents, healthReadAt, interruption };
}

const NOTHING = { checks: null, scheduledEvents: null, healthReadAt: null, interruption: null };
const RUNNING = 'RUNNING';

describe("EC2's own checks", () => {
  it('are of the time of the reading', () => {
    expect(after({ status: RUNNING })).toEqual(NOTHING);
    expect(after({ status: RUNNING }, { status: RUNNING, health: HEALTH })).toEqual({
      ...NOTHING,
      ...HEALTH,
    });
  });

  it('stay, with their own time, while nobody reads them', () => {
    const read = { status: RUNNING, health: HEALTH };
    const unread = { status: RUNNING };
    expect(after(read, unread)).toEqual({ ...NOTHING, ...HEALTH, healthReadAt: AT });
    expect(after(read, unread, unread)).toEqual({ ...NOTHING, ...HEALTH, healthReadAt: AT });
    expect(after(read, unread, read)).toEqual({ ...NOTHING, ...HEALTH });
  });

  it('are of one run of the instance', () => {
    const read = { status: RUNNING, health: HEALTH };
    expect(after(read, { status: 'STOPPED' })).toEqual(NOTHING);
    expect(after(read, { status: 'STOPPED' }, { status: RUNNING })).toEqual(NOTHING);
  });
});

it('an interruption that was announced stands until the instance is in another state', () => {
  const taken = { status: RUNNING, interruption: TAKEN };
  expect(after(taken, { status: RUNNING }).interruption).toEqual(TAKEN);
  expect(after(taken, { status: 'STOPPED' }).interruption).toBeNull();
});
