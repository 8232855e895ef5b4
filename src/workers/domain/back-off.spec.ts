import { MINUTE, plus } from '../../kernel/clocks';
import { at } from '../testing/worker.builder';
import { reasonFor } from './back-off';
import { ComputeError, type ComputeFailure } from './worker-errors';

const NOW = at(60);
const refused = (failure: ComputeFailure) => new ComputeError(failure, 'SomeCode', 'AWS said no');
const pause = (failure: ComputeFailure, attempt = 1) => reasonFor(refused(failure), attempt, NOW).nextTryAt;

describe('a call that AWS refused', () => {
  it("is told in AWS's own code and words", () => {
    const nextTryAt = plus(NOW, 2 * MINUTE);
    const reason = { code: 'SomeCode', message: 'AWS said no', at: NOW, nextTryAt };
    expect(reasonFor(refused('later'), 1, NOW)).toStrictEqual(reason);
  });

  it.each([
    ['later', 2],
    ['quota', 30],
    ['credentials', 5],
    ['wrong-state', 1],
    ['not-found', 1],
    ['token-spent', 1],
    ['unclear', 1],
  ] as const)('%s: tried again after %s minutes', (failure, minutes) => {
    expect(pause(failure)).toEqual(plus(NOW, minutes * MINUTE));
  });

  it('rejected: not tried again until a person changes something', () => {
    expect(pause('rejected')).toBeNull();
    expect(pause('rejected', 5)).toBeNull();
  });

  it('the pause doubles with each attempt, up to half an hour', () => {
    const minutes = [1, 2, 3, 4, 5, 50].map((attempt) => pause('later', attempt));
    expect(minutes).toEqual([2, 4, 8, 16, 30, 30].map((count) => plus(NOW, count * MINUTE)));
  });

  it('a quota is not asked for more often, nor more seldom', () => {
    expect(pause('quota', 4)).toEqual(plus(NOW, 30 * MINUTE));
  });
});
