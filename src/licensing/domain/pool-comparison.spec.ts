import { MINUTE, plus } from '../../kernel/clocks';
import { aPool, CREATED_AT } from '../testing/license-pool.builder';
import { type LicensePool } from './license-pool';
import { type LicensedWorker } from './license-pool-ports';
import { tokenRefsOf } from './license-pool-state';
import { compareWithServers } from './pool-comparison';

const at = (minutes: number) => plus(CREATED_AT, minutes * MINUTE);
const TOKEN = { ref: 'ref-1', fingerprint: 'aaaaaaaaaaaa' };
const OTHER = { ref: 'ref-2', fingerprint: 'bbbbbbbbbbbb' };

function aWorker(given: Partial<LicensedWorker> = {}): LicensedWorker {
  return { id: 'w-1', name: 'lab', ended: null, licenseStatus: 'REGISTERED', licenseToken: TOKEN, ...given };
}

/** States of the seats, and kinds of the mismatches, so many minutes after the seats were taken. */
function compared(
  pool: LicensePool,
  workers: readonly LicensedWorker[],
  minutes: number,
  elsewhere: readonly string[] = [],
) {
  const known = new Map(workers.map((worker) => [worker.id, worker]));
  const { seats, mismatches } = compareWithServers(pool.state, known, new Set(elsewhere), at(minutes));
  return [seats.map(({ state }) => state), mismatches.map(({ kind }) => kind)];
}

function seated(act: (pool: LicensePool) => void = () => undefined): LicensePool {
  const pool = aPool();
  pool.take('w-1', at(0));
  act(pool);
  return pool;
}

describe('seats beside what servers say', () => {
  it.each<[string, LicensePool, readonly LicensedWorker[], number, [string[], string[]]]>([
    ['agree where the worker is registered', seated(), [aWorker()], 999, [['taken'], []]],
    [
      'may differ while it is being registered',
      seated(),
      [aWorker({ licenseStatus: 'UNREGISTERED' })],
      59,
      [['taken'], []],
    ],
    [
      'differ when it is not registered after an hour',
      seated(),
      [aWorker({ licenseStatus: 'UNREGISTERED' })],
      60,
      [['leaked'], ['leaked']],
    ],
    [
      'differ when it evaluates',
      seated(),
      [aWorker({ licenseStatus: 'EVALUATION' })],
      60,
      [['leaked'], ['leaked']],
    ],
    [
      'agree while its licence is expired, which is counted',
      seated(),
      [aWorker({ licenseStatus: 'EXPIRED' })],
      999,
      [['taken'], []],
    ],
    ['differ at once when it is not there', seated(), [], 1, [['leaked'], ['leaked']]],
    [
      'differ at once when it is gone',
      seated(),
      [aWorker({ ended: 'released' })],
      1,
      [['leaked'], ['leaked']],
    ],
    [
      'say nothing of a stranded one',
      seated((it) => it.strand('w-1', 'x', at(1))),
      [aWorker({ ended: 'terminated' })],
      999,
      [['stranded'], []],
    ],
    [
      'differ where another one is registered with its token',
      seated(),
      [aWorker(), aWorker({ id: 'w-2' })],
      1,
      [['taken'], ['registered-without-seat']],
    ],
    [
      'differ where another one is registered with a former token',
      seated((it) => it.replaceToken(OTHER, at(1))),
      [aWorker(), aWorker({ id: 'w-2' })],
      1,
      [['taken'], ['registered-without-seat']],
    ],
    [
      'say nothing of one with a token of its own, or with none, or that is gone',
      seated(),
      [
        aWorker(),
        aWorker({ id: 'w-2', licenseToken: OTHER }),
        aWorker({ id: 'w-3', licenseToken: null }),
        aWorker({ id: 'w-4', ended: 'released' }),
        aWorker({ id: 'w-5', licenseStatus: 'UNREGISTERED' }),
      ],
      999,
      [['taken'], []],
    ],
  ])('%s', (_what, pool, workers, minutes, expected) => {
    expect(compared(pool, workers, minutes)).toEqual(expected);
  });

  it('agree where the other one has its seat in another pool of the same token', () => {
    const workers = [aWorker(), aWorker({ id: 'w-2' })];
    expect(compared(seated(), workers, 1, ['w-2'])).toEqual([['taken'], []]);
  });

  it('count the hour from when the server last changed its word, not from the taking of the seat', () => {
    const unregistered = [aWorker({ licenseStatus: 'UNREGISTERED' })];
    const pool = seated((it) => it.report('w-1', 'REGISTERED', at(2)));
    // the pool will hear of it in a moment
    expect(compared(pool, unregistered, 500)).toEqual([['taken'], []]);
    pool.report('w-1', 'UNREGISTERED', at(500));
    expect(compared(pool, unregistered, 559)).toEqual([['taken'], []]);
    expect(compared(pool, unregistered, 560)).toEqual([['leaked'], ['leaked']]);
  });
});

describe('the tokens that a pool needs', () => {
  it('are the present one, those replaced within a day, and those of seats', () => {
    const pool = seated((it) => it.replaceToken(OTHER, at(10)));
    const day = 24 * 60;
    expect(tokenRefsOf(pool.state, at(10))).toEqual(['ref-2', 'ref-1']);
    expect(tokenRefsOf(pool.state, at(10 + 2 * day))).toEqual(['ref-2', 'ref-1']);
    pool.take('w-1', at(20));
    expect(tokenRefsOf(pool.state, at(9 + day))).toEqual(['ref-2', 'ref-1']);
    expect(tokenRefsOf(pool.state, at(10 + day))).toEqual(['ref-2']);
    pool.delete(true, at(30));
    expect(tokenRefsOf(pool.state, at(31))).toEqual([]);
  });
});
