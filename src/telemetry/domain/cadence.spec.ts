import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type Cadence, dueTimes, type ServerFacts } from './cadence';
import { type CmlSource, type SourceState, type SourceStates } from './cml-source';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const CADENCE: Cadence = {
  'cml-system': MINUTE,
  'cml-labs': MINUTE,
  'cml-activity': 2 * MINUTE,
  'cml-license': 15 * MINUTE,
};
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const facts = (given: Partial<ServerFacts> = {}): ServerFacts => ({
  workerId: id(1),
  since: plus(NOW, -HOUR),
  serviceStatus: 'AVAILABLE',
  now: NOW,
  ...given,
});
const good = (at: Date, goodReads = 9): SourceState => ({
  ...{ observedAt: at, lastError: null, goodReads, failedReads: 0 },
});
const bad = (code: string, at: Date, failedReads = 1): SourceState => ({
  ...{ observedAt: null, lastError: { code, message: code, at }, goodReads: 0, failedReads },
});
const all = (state: SourceState): SourceStates => ({
  ...{ 'cml-system': state, 'cml-labs': state, 'cml-activity': state, 'cml-license': state },
});
const waits = (states: SourceStates, given: Partial<ServerFacts> = {}, cadence = CADENCE) => {
  const due = dueTimes(states, facts(given), cadence);
  return (source: CmlSource) => due[source].getTime() - NOW.getTime();
};

describe('what was never read', () => {
  it('is due at once, also where it was read in an earlier run only', () => {
    const never = dueTimes({}, facts(), CADENCE);
    expect(Object.values(never).every((time) => time < NOW)).toBe(true);
    const earlier = dueTimes(all(good(plus(NOW, -1))), facts({ since: NOW }), CADENCE);
    expect(earlier).toEqual(never);
    expect(waits(all(good(NOW)), { since: NOW })('cml-system')).toBeGreaterThan(0);
  });
});

describe('what was read', () => {
  it('is due at once where that was in the future by more than a minute', () => {
    const never = dueTimes({}, facts(), CADENCE);
    expect(dueTimes(all(good(plus(NOW, MINUTE + 1))), facts(), CADENCE)).toEqual(never);
    expect(dueTimes(all(bad('timeout', plus(NOW, MINUTE + 1), 9)), facts(), CADENCE)).toEqual(never);
    expect(waits(all(good(plus(NOW, MINUTE))))('cml-system')).toBeGreaterThan(0);
  });

  it('is due within its interval, and then once in each', () => {
    const first = dueTimes(all(good(NOW)), facts(), CADENCE);
    for (const [source, interval] of Object.entries(CADENCE) as [CmlSource, number][]) {
      const wait = first[source].getTime() - NOW.getTime();
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(interval);
      // late by 3 s or not: the next one is when it would have been
      for (const late of [0, 3 * SECOND]) {
        const read = plus(first[source], late);
        expect(dueTimes(all(good(read)), facts({ now: read }), CADENCE)[source]).toEqual(
          plus(first[source], interval),
        );
      }
    }
  });

  it('is due with the system where the interval is a multiple of its', () => {
    const due = dueTimes(all(good(NOW)), facts(), CADENCE);
    const apart = (source: CmlSource) => (due[source].getTime() - due['cml-system'].getTime()) % MINUTE;
    expect([apart('cml-labs'), apart('cml-activity'), apart('cml-license')]).toEqual([0, 0, 0]);
  });

  it('is spread over the interval, server by server, and the longer intervals over their minutes', () => {
    const count = (source: CmlSource, parts: number) => {
      const counts = Array.from({ length: parts }, () => 0);
      for (let n = 0; n < 3_000; n += 1) {
        const wait = waits(all(good(NOW)), { workerId: id(n) })(source);
        counts[Math.ceil((wait / CADENCE[source]) * parts) - 1]! += 1;
      }
      return counts.map((found) => found / (3_000 / parts));
    };
    for (const shares of [count('cml-system', 30), count('cml-activity', 30), count('cml-license', 15)]) {
      expect(Math.min(...shares)).toBeGreaterThan(0.6);
      expect(Math.max(...shares)).toBeLessThan(1.4);
    }
  });

  it('may have an interval shorter than the system', () => {
    const wait = waits(all(good(NOW)), {}, { ...CADENCE, 'cml-system': HOUR, 'cml-labs': HOUR });
    expect(wait('cml-activity')).toBeLessThanOrEqual(2 * MINUTE);
    expect(wait('cml-activity')).toBeGreaterThan(0);
  });
});

describe('a server that comes up', () => {
  it('is asked for its system each quarter of a minute, whether it answers or not', () => {
    const starting = { serviceStatus: 'STARTING', since: plus(NOW, -30 * MINUTE) } as const;
    for (const state of [good(NOW), bad('unreachable', NOW, 9)]) {
      const wait = waits(all(state), starting);
      expect(wait('cml-system')).toBeLessThanOrEqual(15 * SECOND);
      expect(wait('cml-system')).toBeGreaterThan(0);
    }
    const fast = waits(all(good(NOW)), starting, { ...CADENCE, 'cml-system': 5 * SECOND });
    expect(fast('cml-system')).toBeLessThanOrEqual(5 * SECOND);
  });

  it('is not, once its boot has taken too long', () => {
    const slow = { serviceStatus: 'STARTING', since: plus(NOW, -30 * MINUTE - 1) } as const;
    expect(waits(all(bad('unreachable', NOW, 9)), slow)('cml-system')).toBeGreaterThan(4 * MINUTE);
  });

  it('is, when one good answer was the first and a second one decides', () => {
    const wait = (goodReads: number, serviceStatus: ServerFacts['serviceStatus']) =>
      Array.from({ length: 40 }, (_, n) =>
        waits(all(good(NOW, goodReads)), { workerId: id(n), serviceStatus })('cml-system'),
      );
    expect(Math.max(...wait(1, 'ERROR'))).toBeLessThanOrEqual(15 * SECOND);
    expect(Math.max(...wait(2, 'ERROR'))).toBeGreaterThan(30 * SECOND);
    expect(Math.max(...wait(1, 'AVAILABLE'))).toBeGreaterThan(30 * SECOND);
  });
});

describe('what failed', () => {
  const retries = (source: CmlSource, code: string) =>
    [1, 2, 3, 4, 5, 6, 7, 20].map((failures) => {
      const states = { ...all(good(NOW)), [source]: bad(code, NOW, failures) };
      return Math.round(waits(states)(source) / SECOND / (1 - 0.1 * jitter)) / 60;
    });
  // as the first retry of a minute shows it
  const jitter = (1 - waits({ 'cml-system': bad('timeout', NOW) })('cml-system') / MINUTE) * 10;

  it('is repeated after a minute, and after three times at twice the time each', () => {
    expect(jitter).toBeGreaterThan(0);
    expect(jitter).toBeLessThan(1);
    expect(retries('cml-system', 'timeout')).toEqual([1, 1, 1, 2, 4, 5, 5, 5]);
    expect(retries('cml-labs', 'refused')).toEqual([1, 1, 1, 2, 4, 5, 5, 5]);
    expect(retries('cml-license', 'refused')).toEqual([1, 1, 1, 2, 4, 8, 15, 15]);
  });

  it('waits for the system where the server does not answer, and only there', () => {
    const failed = (code: string) => ({ ...all(good(NOW)), 'cml-system': bad(code, NOW, 6) });
    const silent = waits(failed('unreachable'));
    expect(silent('cml-labs')).toBe(silent('cml-system'));
    expect(silent('cml-activity')).toBe(silent('cml-system'));
    const odd = waits(failed('unreadable'));
    expect(odd('cml-labs')).toBeLessThanOrEqual(MINUTE);
    expect(odd('cml-system')).toBeGreaterThan(4 * MINUTE);
  });
});
