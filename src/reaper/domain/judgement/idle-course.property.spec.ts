import fc from 'fast-check';
import { type Happening, LivedWorker } from '../../testing/lived-worker';
import { idlePolicy } from '../policy/idle-policy';

const RUNS = { numRuns: 300 };

const anyLife: fc.Arbitrary<readonly Happening[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom<Happening>('used', 'unused', 'unused', 'unread'),
      fc.integer({ min: 1, max: 40 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.flatMap(([what, minutes]) => Array.from({ length: minutes }, () => what)));

/** With stages that a quarter of the window leaves room for. */
const anyPolicy = fc
  .integer({ min: 20, max: 60 })
  .chain((threshold) =>
    fc
      .uniqueArray(fc.integer({ min: 1, max: Math.floor(threshold / 2) }), { minLength: 1, maxLength: 3 })
      .map((stages) => ({ idleThresholdMinutes: threshold, warningStagesMinutes: stages })),
  );
const unused = (minutes: number): Happening[] => Array.from({ length: minutes }, () => 'unused');

function lived(
  life: readonly Happening[],
  given: Parameters<typeof idlePolicy>[0],
  delivery?: number | null,
) {
  const worker = new LivedWorker(idlePolicy(given, 60), delivery);
  worker.live(life);
  return worker;
}

describe('a worker that is judged every minute', () => {
  it('is stopped only when nobody used it, as far as anybody could see, for the whole window', () => {
    fc.assert(
      fc.property(anyLife, anyPolicy, (life, given) => {
        const { stoppedAt } = lived([...life, ...unused(20)], given);
        if (stoppedAt === null) return;
        const window = life.slice(Math.max(0, stoppedAt - given.idleThresholdMinutes), stoppedAt);
        expect(window).not.toContain('used');
        expect(stoppedAt).toBeGreaterThanOrEqual(given.idleThresholdMinutes);
      }),
      RUNS,
    );
  });

  it('is stopped within its window, a reading and a turn, once nobody uses it any more', () => {
    fc.assert(
      fc.property(anyLife, anyPolicy, (life, given) => {
        const { stoppedAt } = lived([...life, ...unused(given.idleThresholdMinutes + 2)], given);
        expect(stoppedAt).not.toBeNull();
      }),
      RUNS,
    );
  });

  it('is told of each stage of a stop once, the longest first, and stopped when the latest was told', () => {
    fc.assert(
      fc.property(anyLife, anyPolicy, (life, given) => {
        const { told, stoppedAt } = lived([...life, ...unused(given.idleThresholdMinutes + 2)], given);
        const least = Math.min(...given.warningStagesMinutes);
        for (const [index, notice] of told.entries()) {
          const next = told[index + 1];
          if (next?.deadline === notice.deadline) {
            expect(next.stageMinutes).toBeLessThan(notice.stageMinutes);
          }
        }
        const last = told.at(-1);
        expect(last?.stageMinutes).toBe(least);
        expect(stoppedAt).toBeGreaterThanOrEqual((last?.minute ?? Infinity) + least);
      }),
      RUNS,
    );
  });

  it('is never stopped when no notice is ever delivered, or too late, and is told again and again', () => {
    fc.assert(
      fc.property(anyLife, anyPolicy, fc.constantFrom(null, 3_600), (life, given, delivery) => {
        const { told, stoppedAt } = lived([...life, ...unused(200)], given, delivery);
        expect(stoppedAt).toBeNull();
        expect(new Set(told.map(({ deadline }) => deadline)).size).toBeGreaterThan(1);
      }),
      RUNS,
    );
  });

  it('is said to be stopped by a policy on trial when the same policy would stop it, live', () => {
    fc.assert(
      fc.property(anyLife, anyPolicy, (life, given) => {
        const whole = [...life, ...unused(given.idleThresholdMinutes + 2)];
        const trial = lived(whole, { ...given, dryRun: true });
        expect(trial.stoppedAt).toBe(lived(whole, given).stoppedAt);
        expect(trial.told).toEqual([]);
      }),
      RUNS,
    );
  });
});
