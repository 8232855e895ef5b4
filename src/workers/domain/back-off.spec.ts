import fc from 'fast-check';
import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { at, WORKER_ID } from '../testing/worker.builder';
import { reasonFor } from './back-off';
import { ComputeError, type ComputeFailure } from './worker-errors';

const NOW = at(60);
const refused = (failure: ComputeFailure) => new ComputeError(failure, 'SomeCode', 'AWS said no');

/** Minutes to the next try; null: there is none by itself. */
function pause(failure: ComputeFailure, triedMinutes = 0, workerId = WORKER_ID): number | null {
  const since = plus(NOW, -triedMinutes * MINUTE);
  const { nextTryAt } = reasonFor(refused(failure), { workerId, since }, NOW);
  return nextTryAt && (nextTryAt.getTime() - NOW.getTime()) / MINUTE;
}

describe('a call that AWS refused', () => {
  it("is told in AWS's own code and words", () => {
    const reason = reasonFor(refused('rejected'), { workerId: WORKER_ID, since: NOW }, NOW);
    expect(reason).toStrictEqual({ code: 'SomeCode', message: 'AWS said no', at: NOW, nextTryAt: null });
  });

  it.each<[failure: ComputeFailure, shortest: number, longest: number]>([
    ['capacity', 1, 30],
    ['placement', 5, 60],
    ['quota', 10, 60],
    ['throttled', 0.5, 5],
    ['unreachable', 0.5, 5],
    ['later', 1, 30],
    ['credentials', 2, 15],
    ['wrong-state', 1, 5],
    ['not-found', 1, 5],
    ['token-spent', 1, 5],
    ['unclear', 1, 5],
  ])(
    '%s: tried again after %s minutes at first and %s in the end, less up to 40 %%',
    (failure, shortest, longest) => {
      fc.assert(
        fc.property(fc.uuid(), (workerId) => {
          const [first, last] = [pause(failure, 0, workerId), pause(failure, 10_000, workerId)];
          expect(first).toBeGreaterThan(shortest * 0.6 - 0.001);
          expect(first).toBeLessThanOrEqual(shortest);
          expect(last).toBeGreaterThan(longest * 0.6 - 0.001);
          expect(last).toBeLessThanOrEqual(longest);
        }),
      );
    },
  );

  it('rejected: not tried again until a person changes something', () => {
    expect(pause('rejected')).toBeNull();
    expect(pause('rejected', 5)).toBeNull();
  });

  it('pauses grow with the time that it has been tried for', () => {
    const pauses = [0, 4, 8, 16, 32].map((tried) => pause('capacity', tried) ?? 0);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(new Set(pauses).size).toBe(5);
    expect(pause('capacity', 32)).toBeGreaterThan(9);
  });

  it('spreads the workers that were refused together', () => {
    const pauses = Array.from({ length: 100 }, (_, index) => pause('capacity', 60, `worker-${index}`) ?? 0);
    const thirds = [18, 22, 26].map((from) => pauses.filter((one) => one >= from && one < from + 4).length);
    expect(thirds.every((count) => count >= 15)).toBe(true);
    expect(Math.max(...pauses) * MINUTE).toBeLessThanOrEqual(HOUR / 2);
  });
});
