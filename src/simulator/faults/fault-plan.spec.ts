import { ManualClock, MINUTE } from '../../kernel/clocks';
import { FaultPlan } from './fault-plan';
import { type FaultTarget } from './fault-target';

const START = new Date('2026-11-23T08:00:00.000Z');

let clock: ManualClock;
let plan: FaultPlan;
beforeEach(() => {
  clock = new ManualClock(START);
  plan = new FaultPlan(clock, 1);
});

const target = (facts: Partial<FaultTarget>): FaultTarget => ({
  ...{ id: null, tags: new Map(), type: null, subnetId: null, availabilityZone: null },
  ...facts,
});

const strike = (action = 'RunInstances', region = 'eu-west-1', ...targets: FaultTarget[]) =>
  plan.strike({ action, region, targets: () => targets });

/** `x` where a call is struck, `.` where it goes well. */
const pattern = (calls: number) => Array.from({ length: calls }, () => (strike().error ? 'x' : '.')).join('');

describe('a rule', () => {
  it.each([
    ['until it is removed', {}, 'xxxxxx'],
    ['the next calls', { next: 2 }, 'xx....'],
    ['every nth call', { every: 3 }, '..x..x'],
    ['some of every nth call', { every: 2, next: 2 }, '.x.x..'],
    ['by chance, the same for the same seed', { probability: 0.5, seed: 7 }, 'xx...x'],
  ])('strikes %s', (_name, when, expected) => {
    plan.add({ error: 'InternalError', ...when });
    expect(pattern(6)).toBe(expected);
  });

  it('strikes within its time', () => {
    plan.add({
      error: 'InternalError',
      from: '2026-11-23T08:10:00Z',
      until: new Date('2026-11-23T08:20:00Z'),
    });
    const seen = [0, 10, 19, 20].map((minute) => {
      clock.set(new Date(START.getTime() + minute * MINUTE));
      return pattern(1);
    });
    expect(seen).toEqual(['.', 'x', 'x', '.']);
    expect(plan.list()).toEqual([]);
  });

  it('strikes for a while from its adding on', () => {
    plan.add({ error: 'InternalError', forSeconds: 60 });
    expect(pattern(1)).toBe('x');
    clock.advance(MINUTE);
    expect(pattern(1)).toBe('.');
  });

  it('strikes its actions in its region only', () => {
    plan.add({ error: 'InternalError', actions: ['Describe*', 'RunInstances'], region: 'eu-west-1' });
    const struck = (action: string, region: string) => strike(action, region).error?.code;
    expect(struck('DescribeInstances', 'eu-west-1')).toBe('InternalError');
    expect(struck('RunInstances', 'eu-west-1')).toBe('InternalError');
    expect(struck('StopInstances', 'eu-west-1')).toBeUndefined();
    expect(struck('DescribeInstances', 'us-east-1')).toBeUndefined();
  });

  it('strikes calls that name an instance that it means', () => {
    plan.add({
      error: 'InsufficientInstanceCapacity',
      instanceTypes: ['c5.metal'],
      availabilityZones: ['a'],
    });
    const struck = (type: string, availabilityZone: string) =>
      strike('StartInstances', 'eu-west-1', target({ type, availabilityZone })).error?.httpStatus;
    expect([struck('c5.metal', 'a'), struck('c5.metal', 'b'), struck('m5.metal', 'a')]).toEqual([
      500,
      undefined,
      undefined,
    ]);
    plan.clear();
    plan.add({ error: 'InternalError', tag: { key: 'team', value: 'blue' } });
    const tagged = (team: string) =>
      strike('StopInstances', 'eu-west-1', target({ tags: new Map([['team', team]]) })).error;
    expect([tagged('blue') === null, tagged('red') === null]).toEqual([false, true]);
    expect(strike('DescribeInstances').error).toBeNull();
  });

  it('counts its strikes, and can be removed', () => {
    const fault = plan.add({ error: 'InternalError', every: 2 });
    expect(pattern(5)).toBe('.x.x.');
    expect(fault.strikes).toBe(2);
    expect(plan.list()).toMatchObject([{ id: 1, strikes: 2, rule: { every: 2 } }]);
    expect([plan.remove(1), plan.remove(1)]).toEqual([true, false]);
    expect(pattern(2)).toBe('..');
  });

  it.each([
    [{ actions: ['RunInstances'] }, 'A fault needs an effect'],
    [{ error: 'NoSuchCode' }, 'give its httpStatus too'],
    [{ error: 'InternalError', nxet: 1 }, 'nxet'],
    [{ error: 'InternalError', next: 0 }, '>0'],
    [{ error: 'InternalError', until: START, forSeconds: 1 }, 'not both'],
  ])('that makes no sense is refused: %j', (rule, message) => {
    expect(() => plan.add(rule)).toThrow(message);
  });
});

describe('several rules', () => {
  it('replace the answer one after the other, the oldest first', () => {
    plan.add({ error: 'InternalError', next: 1 });
    plan.add({ error: 'Unavailable', next: 1 });
    expect([strike().error?.code, strike().error?.code, strike().error]).toEqual([
      'InternalError',
      'Unavailable',
      null,
    ]);
  });

  it('add up in what does not replace it', () => {
    plan.add({ latencyMs: 100 });
    plan.add({ latencyMs: 50, error: 'InternalError' });
    plan.add({ clockSkewSeconds: -30 });
    expect(strike()).toMatchObject({ latencyMs: 150, clockSkewSeconds: -30, error: { httpStatus: 500 } });
  });
});

describe('a listing', () => {
  const page = Array.from({ length: 8 }, (_, n) => target({ id: `i-${n}` }));
  const arranged = () =>
    strike('DescribeInstances')
      .arrange(page, (item) => item)
      .map(({ id }) => id?.slice(2))
      .join('');

  it('loses, doubles and shuffles items', () => {
    plan.add({ dropIds: ['i-0', 'i-7'], next: 1 });
    expect(arranged()).toBe('123456');
    plan.add({ dropShare: 0.5, seed: 3, next: 1 });
    expect(arranged()).toBe('04');
    plan.add({ duplicateIds: ['i-3'], next: 1 });
    expect(arranged()).toBe('012334567');
    plan.add({ shuffle: true, seed: 3, next: 1 });
    expect([...arranged()].sort().join('')).toBe('01234567');
    expect(arranged()).toBe('01234567');
  });

  it('shows single instances too old', () => {
    plan.add({ instanceIds: ['i-3'], lagSeconds: 60, hideYoungerThanSeconds: 5 });
    const struck = strike('DescribeInstances');
    expect(page.map((item) => struck.lagSeconds(item))).toEqual([0, 0, 0, 60, 0, 0, 0, 0]);
    expect(struck.hiddenSeconds(page[3] as FaultTarget)).toBe(5);
  });
});
