import { Logger } from '@nestjs/common';
import { FixedPolicy, idlePolicy, type IdlePolicy } from '../../../reaper';
import { MINUTE, plus } from '../../../kernel/clocks';
import { type SignalInterval } from '../../../telemetry';
import { LivedWorker } from '../../testing/lived-worker';
import { seeded } from '../../testing/seeded';
import { IndexedPast } from './indexed-past';
import { simulatedStop } from './simulated-stop';
import { tickGrid } from './tick-grid';
import { type PlanMode } from './replay-terms';
import { WorkerReplayer } from './worker-replay';

beforeAll(() => {
  // failures of EC2 and CML are what the days are made of
  Logger.overrideLogger(false);
});

const GRID = tickGrid('* * * * *');

/** Some days in which people come and go, everything fails at times, and the reaper stops what is idle. */
async function live(seed: number, days: number, policy: IdlePolicy): Promise<LivedWorker> {
  const random = seeded(seed);
  const chance = (perHour: number) => random() < perHour / 60;
  const minutes = (longest: number) => 1 + Math.floor(random() * longest);
  const lived = new LivedWorker(new FixedPolicy(policy));
  const ends = new Map<string, number>();
  lived.around.everSeen = seed % 3 !== 0;
  for (let minute = 0; minute < days * 24 * 60; minute += 1) {
    const during = (what: string, perHour: number, longest: number) => {
      if ((ends.get(what) ?? 0) > minute) return true;
      if (!chance(perHour)) return false;
      ends.set(what, minute + minutes(longest));
      return true;
    };
    await lived.minute(({ around, state, now }) => {
      around.runningLabs = during('labs', 0.1, 120) ? 1 + (minute % 3 === 0 ? 1 : 0) : 0;
      around.cpuPercent = during('cpu', 0.15, 30) ? 40 : 3;
      around.acts = during('session', 0.15, 40) && random() < 0.3;
      around.cmlFails = during('cml', 0.15, 12);
      around.activityFails = during('activity', 0.1, 15);
      around.ec2Fails = during('ec2', 0.08, 14);
      around.unobserved = during('outage', 0.12, 8);
      around.slowSeconds = chance(3) ? 20 : random() < 0.4 ? 40 : 1;
      if (around.acts) around.everSeen = true;
      if (chance(0.05)) {
        const snooze = { until: plus(now, minutes(180) * MINUTE), by: 'user:bob', reason: null, at: now };
        lived.do((worker) => worker.snooze(snooze, now));
      }
      if (chance(0.02)) {
        const expiresAt = plus(now, minutes(200) * MINUTE);
        lived.do((worker) => worker.protect({ by: 'user:eve', reason: 'demo', at: now, expiresAt }, now));
      }
      if (state.desired.state === 'RUNNING' && chance(0.05)) {
        lived.do((worker) => worker.noteUse('connection', { by: 'user:eve', at: now }));
      }
      if (state.status === 'STOPPED' && state.desired.state === 'STOPPED' && chance(0.6)) lived.start();
    });
  }
  return lived;
}

/** Gaps, failed readings and late knowledge at random, as no day of `live` has them together. */
function perturbed(intervals: readonly SignalInterval[], seed: number): SignalInterval[] {
  const random = seeded(seed);
  const within = ({ from, to }: SignalInterval) =>
    plus(from, Math.floor(random() * (to.getTime() - from.getTime())));
  return intervals.map((interval) => {
    const { from, to, trail } = interval;
    const lot = random();
    if (!trail || lot > 0.35) return interval;
    if (lot < 0.07) return { ...interval, value: 'unknown', trail: { ...trail, failed: true } };
    if (lot < 0.14) return { ...interval, trail: undefined };
    if (lot < 0.2) return { ...interval, trail: { ...trail, knownAt: plus(from, random() * 4 * MINUTE) } };
    if (to.getTime() - from.getTime() < 10 * MINUTE) return interval;
    if (lot < 0.25) return { ...interval, to: within(interval) };
    const begin = within(interval);
    const until = plus(begin, (random() * (to.getTime() - begin.getTime())) / 2);
    const longestGapMs = until.getTime() - begin.getTime();
    return { ...interval, longestGapMs, trail: { ...trail, gaps: [{ from: begin, until }] } };
  });
}

type Change = (intervals: readonly SignalInterval[]) => readonly SignalInterval[];

async function replayed(
  lived: LivedWorker,
  policy: IdlePolicy,
  plans: PlanMode,
  turns?: number[],
  change: Change = (intervals) => intervals,
) {
  const [first] = lived.moments;
  if (!first) throw new Error('nothing was recorded');
  const intervals = change(await lived.bench.history.between(lived.state.id, new Date(0), lived.now));
  const effective = new FixedPolicy(policy).of();
  const from = plus(first.at, 1);
  return new WorkerReplayer(new IndexedPast({ moments: lived.moments, intervals }), {
    effective,
    from,
    to: lived.now,
    grid: GRID,
    plans,
  }).run(turns && { changes: turns, readings: [], confirmations: [] });
}

const POLICIES: readonly [string, Partial<IdlePolicy>][] = [
  ['the usual policy', {}],
  ['a short window', { idleThresholdMinutes: 20, warningStagesMinutes: [10, 5] }],
  ['an age limit that gaps exceed', { idleThresholdMinutes: 30, maxReadingAgeSeconds: 119 }],
  ['few signals', { idleThresholdMinutes: 40, requiredSignals: ['labs'] }],
];

describe('a replay of the live policy', () => {
  it.each(POLICIES)('thinks what was thought, turn by turn, under %s', async (_, given) => {
    const policy = idlePolicy(given, 60, 120);
    for (const seed of [1, 3]) {
      const lived = await live(seed, 3, policy);
      expect(lived.stops).toBeGreaterThan(0);
      for (const plans of ['recorded', 'own'] as const) {
        const { verdicts } = await replayed(lived, policy, plans);
        expect(verdicts).toEqual(lived.verdicts);
      }
    }
  });
});

describe('a replay of a draft', () => {
  const TURNS = (lived: LivedWorker) => {
    const begin = GRID.atOrAfter((lived.moments[0]?.at.getTime() ?? 0) + 1);
    return Array.from({ length: 3 * 24 * 60 }, (_, minute) => begin + minute * MINUTE);
  };

  it('thinks at the turns that it looks at what it would think at each, and looks at few', async () => {
    const lived = await live(2, 3, idlePolicy({ idleThresholdMinutes: 600 }, 60, 120));
    for (const [, given] of POLICIES) {
      const policy = idlePolicy({ maxUptimeMinutes: 12 * 60, ...given }, 60, 120);
      const some = await replayed(lived, policy, 'own');
      const all = await replayed(lived, policy, 'own', TURNS(lived));
      expect(some.verdicts).toEqual(all.verdicts);
      expect(some.dues).toEqual(all.dues);
      expect(some.dues.length).toBeGreaterThan(0);
      expect(some.evaluations).toBeLessThan(all.evaluations / 2);
    }
  });

  it('does so whatever is missing, late or failed in what was recorded', async () => {
    for (const seed of [4, 5, 6, 7]) {
      const lived = await live(seed, 3, idlePolicy({ idleThresholdMinutes: 600 }, 60, 120));
      for (const [index, [, given]] of POLICIES.entries()) {
        const policy = idlePolicy({ maxUptimeMinutes: 7 * 60, ...given }, 60, 120);
        const change: Change = (intervals) => perturbed(intervals, seed * 10 + index);
        for (const plans of ['own', 'recorded'] as const) {
          const some = await replayed(lived, policy, plans, undefined, change);
          const all = await replayed(lived, policy, plans, TURNS(lived), change);
          expect([seed, index, plans, some.verdicts]).toEqual([seed, index, plans, all.verdicts]);
          expect([seed, index, plans, some.dues]).toEqual([seed, index, plans, all.dues]);
        }
      }
    }
  });
});

describe('what somebody does through the API', () => {
  it.each([
    [29, { what: 'connection', by: 'user:eve' }],
    [31, null],
  ])('%i minutes after a simulated stop is a hit, or is none any more', async (minutes, hit) => {
    const policy = idlePolicy({ idleThresholdMinutes: 60 }, 60, 120);
    const lived = new LivedWorker(new FixedPolicy(policy));
    lived.onlyJudged = true;
    const due = () => lived.verdicts.findLast(({ verdict }) => verdict === 'stop');
    while (!due()) await lived.minute();
    for (let minute = 1; minute < minutes; minute += 1) await lived.minute();
    await lived.minute(({ now }) => {
      lived.do((worker) => worker.noteUse('connection', { by: 'user:eve', at: now }));
    });
    for (let minute = 0; minute < 8; minute += 1) await lived.minute();
    expect(lived.verdicts.slice(-2)).toMatchObject([{ verdict: 'in-use' }, { verdict: 'idle-waiting' }]);
    const { dues, verdicts } = await replayed(lived, policy, 'own');
    expect(verdicts).toEqual(lived.verdicts);
    const [first] = dues;
    if (!first) throw new Error('it was never due');
    const worker = { id: 'w1', region: 'us-east-1', policy: null, dues, ran: [], unclear: [] };
    const { stop } = simulatedStop(worker, first, first.from, lived.now);
    expect(first.from).toEqual(due()?.at);
    expect(stop.hit).toEqual(hit && expect.objectContaining(hit));
  });
});
