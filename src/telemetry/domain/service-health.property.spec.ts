import fc from 'fast-check';
import { ANSWERS, FAILURES, healthAfter, judgedAfter, type Reading } from '../testing/health-readings';
import { type ServiceHealth } from './service-health';

const [U, S, A, E] = ['UNAVAILABLE', 'STARTING', 'AVAILABLE', 'ERROR'] as const;

describe('whatever a server answers', () => {
  const RUNS = { numRuns: 1_000 };
  const reading = fc.constantFrom<Reading>(...(Object.keys(ANSWERS) as Reading[]), ...FAILURES);
  const readings = fc.array(reading, { minLength: 1, maxLength: 40 });
  const status = fc.constantFrom<ServiceHealth>(U, S, E);
  const minute = fc.integer({ min: 0, max: 40 });

  it('no single reading takes AVAILABLE from it', () => {
    fc.assert(
      fc.property(readings, status, minute, (all, from, begun) => {
        const after = healthAfter(
          ['good', 'good', ...all.flatMap((one) => [one, 'good' as const])],
          from,
          begun,
        );
        expect(new Set(after.slice(1))).toEqual(new Set([A]));
      }),
      RUNS,
    );
  });

  it('AVAILABLE is left by two readings in a row that are not good, and by nothing else', () => {
    fc.assert(
      fc.property(readings, minute, (all, begun) => {
        const after = healthAfter(all, A, begun);
        const left = after.findIndex((one) => one !== A);
        if (left >= 0)
          expect(all.slice(Math.max(0, left - 1), left + 1).filter((one) => one !== 'good')).toHaveLength(2);
      }),
      RUNS,
    );
  });

  it('it is AVAILABLE after two good readings in a row, and reaches that by nothing else', () => {
    fc.assert(
      fc.property(readings, status, minute, (all, from, begun) => {
        let before: ServiceHealth = from;
        healthAfter(all, from, begun).forEach((now, index) => {
          const twice = index > 0 && all[index] === 'good' && all[index - 1] === 'good';
          if (twice) expect(now).toBe(A);
          if (now === A && before !== A) expect(twice).toBe(true);
          before = now;
        });
      }),
      RUNS,
    );
  });

  it('whatever is not AVAILABLE has a reason, from the first reading that says so on', () => {
    fc.assert(
      fc.property(readings, minute, (all, begun) => {
        let reason: string | null = null;
        let last: ServiceHealth = A;
        for (const { status: now, finding } of judgedAfter(all, A, begun)) {
          reason = now === A ? null : (finding?.code ?? (now === last ? reason : null));
          if (now !== A) expect(reason).not.toBeNull();
          last = now;
        }
      }),
      RUNS,
    );
  });
});
