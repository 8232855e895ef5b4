import { MINUTE } from '../../../src/kernel/clocks';
import { NOW } from '../../../src/reaper/testing/idle-input.builder';
import { SimTime } from '../world/sim-time';
import { Liveness } from './liveness';

const begin = NOW.getTime();
const HOUR_LATER = begin + 60 * MINUTE;

/** Minutes after which a worker was found late that is to be stopped within ten, and is stopped after so many. */
async function lateAfter(stoppedAfter: number, triedAgainBy: (now: number) => number | null) {
  const time = new SimTime(NOW, 0, (error) => {
    throw error;
  });
  const late: number[] = [];
  new Liveness(time).watch('w-1', {
    boundMs: () => 10 * MINUTE,
    mustBeStopped: () => time.now < begin + stoppedAfter * MINUTE,
    heldUntil: () => -Infinity,
    triedAgainBy: () => triedAgainBy(time.now),
    late: () => late.push((time.now - begin) / MINUTE),
  });
  await time.until(HOUR_LATER);
  return late;
}

/** A stop that is put off once, until so many minutes. */
const putOffUntil = (minutes: number) => () => begin + minutes * MINUTE;

describe('a worker that nobody uses', () => {
  it('must be stopped in time where nothing puts its stop off', async () => {
    expect(await lateAfter(9, () => null)).toEqual([]);
    expect(await lateAfter(60, () => null)).toEqual([10]);
  });

  it('may be stopped later where its stop is put off, by no more than that', async () => {
    expect(await lateAfter(13, putOffUntil(14))).toEqual([]);
    expect(await lateAfter(60, putOffUntil(14))).toEqual([14]);
  });

  it('may be put off again when it is tried again', async () => {
    const twice = (now: number) => begin + (now < begin + 12 * MINUTE ? 14 : 20) * MINUTE;
    expect(await lateAfter(19, twice)).toEqual([]);
    expect(await lateAfter(60, twice)).toEqual([20]);
  });

  it('is in time for nothing that was put off before', async () => {
    expect(await lateAfter(60, putOffUntil(9))).toEqual([10]);
  });
});
