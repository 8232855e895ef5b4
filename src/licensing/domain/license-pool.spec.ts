import { aPool, CREATED_AT } from '../testing/license-pool.builder';
import { LicensePool } from './license-pool';
import {
  LicensePoolExhausted,
  LicensePoolInUse,
  LicensePoolNotFound,
  LicenseSeatNotFound,
  LicenseSeatNotStranded,
} from './license-pool-errors';
import {
  LicensePoolTokenReplaced,
  LicenseSeatFreed,
  LicenseSeatReleased,
  LicenseSeatReported,
  LicenseSeatStranded,
  LicenseSeatTaken,
} from './license-pool-events';

const FIRST = { ref: 'ref-1', fingerprint: 'aaaaaaaaaaaa' };
const SECOND = { ref: 'ref-2', fingerprint: 'bbbbbbbbbbbb' };
const at = (minutes: number) => new Date(CREATED_AT.getTime() + minutes * 60_000);

/** What a pool records, which has `capacity` seats and these workers in some of them. */
function given(workers: readonly string[], capacity = 2) {
  const pool = aPool({ capacity });
  for (const worker of workers) pool.take(worker, at(1));
  const loaded = LicensePool.restore('p-1', pool.uncommitted, {
    state: aPool({ capacity }).state,
    version: 1,
  });
  return {
    pool: loaded,
    when: (act: (pool: LicensePool) => void) => {
      act(loaded);
      return loaded.uncommitted;
    },
  };
}

describe('a licence pool', () => {
  it('gives a seat to each worker until none is free, and says what to do, but names no worker', () => {
    const { pool, when } = given(['w-1']);
    const events = when((it) => it.take('w-2', at(5)));
    expect(events).toEqual([new LicenseSeatTaken('p-1', { workerId: 'w-2', token: FIRST, at: at(5) })]);
    expect(pool.state.seats.map(({ workerId, state, since }) => [workerId, state, since])).toEqual([
      ['w-1', 'taken', at(1)],
      ['w-2', 'taken', at(5)],
    ]);
    const third = () => pool.take('w-3', at(6));
    expect(third).toThrow(LicensePoolExhausted);
    expect(third).toThrow(
      'The licence pool "campus" has 2 seats and none is free; GET /api/v1/license-pools/p-1 shows who has them. Give back ' +
        'the licence of one (DELETE /api/v1/workers/{id}/license), free a stranded seat, or raise the capacity to what was bought ' +
        '(PATCH /api/v1/license-pools/p-1).',
    );
  });

  it('gives a worker its own seat again, with the present token', () => {
    const { pool, when } = given(['w-1', 'w-2']);
    expect(when((it) => it.take('w-1', at(5)))).toEqual([]);
    pool.replaceToken(SECOND, at(6));
    expect(when((it) => it.take('w-1', at(7))).at(-1)).toEqual(
      new LicenseSeatTaken('p-1', { workerId: 'w-1', token: SECOND, at: at(7) }),
    );
    expect(pool.seatOf('w-1')).toMatchObject({ since: at(1), token: SECOND });
    expect(pool.seatOf('w-2')).toMatchObject({ token: FIRST });
  });

  it('is free again once the licence was given back, and that only once', () => {
    const { when } = given(['w-1']);
    const events = when((it) => {
      it.release('w-1', at(3));
      it.release('w-1', at(4));
      it.release('w-9', at(4));
    });
    expect(events).toEqual([new LicenseSeatReleased('p-1', { workerId: 'w-1', at: at(3) })]);
  });

  it('counts a stranded seat until a person frees it, whose word it keeps', () => {
    const { pool, when } = given(['w-1', 'w-2']);
    when((it) => {
      it.strand('w-1', 'Cisco did not answer', at(3));
      it.strand('w-1', 'again', at(4));
      it.strand('w-9', 'has none', at(4));
    });
    expect(pool.uncommitted).toEqual([
      new LicenseSeatStranded('p-1', { workerId: 'w-1', reason: 'Cisco did not answer', at: at(3) }),
    ]);
    expect(() => pool.take('w-3', at(5))).toThrow(LicensePoolExhausted);
    expect(() => pool.free('w-2', 'why not', 'user:ann', at(5))).toThrow(LicenseSeatNotStranded);
    expect(() => pool.free('w-9', 'why not', 'user:ann', at(5))).toThrow(LicenseSeatNotFound);
    pool.free('w-1', 'removed in CSSM', 'user:ann', at(6));
    expect(pool.uncommitted.at(-1)).toEqual(
      new LicenseSeatFreed('p-1', { workerId: 'w-1', reason: 'removed in CSSM', by: 'user:ann', at: at(6) }),
    );
    pool.take('w-3', at(7));
    expect(pool.state.seats.map(({ workerId }) => workerId)).toEqual(['w-2', 'w-3']);
  });

  it('takes a stranded seat for taken again when its worker is registered anew', () => {
    const { pool } = given(['w-1']);
    pool.strand('w-1', 'left over', at(3));
    pool.take('w-1', at(4));
    expect(pool.seatOf('w-1')).toMatchObject({ state: 'taken', stranded: null, since: at(1) });
  });

  it('notes what the server of a seated worker says, when it changes', () => {
    const { pool, when } = given(['w-1']);
    const events = when((it) => {
      it.report('w-1', 'REGISTERED', at(0));
      it.report('w-1', 'REGISTERED', at(2));
      it.report('w-1', 'REGISTERED', at(3));
      it.report('w-1', 'UNREGISTERED', at(1));
      it.report('w-9', 'UNREGISTERED', at(4));
    });
    expect(events).toEqual([
      new LicenseSeatReported('p-1', { workerId: 'w-1', licenseStatus: 'REGISTERED', at: at(2) }),
    ]);
    expect(pool.seatOf('w-1')?.reported).toEqual({ licenseStatus: 'REGISTERED', at: at(2) });
  });

  it('takes nobody their seat when it gets smaller, and gives none until enough are free', () => {
    const { pool } = given(['w-1', 'w-2']);
    pool.update({ capacity: 1 }, at(3));
    pool.release('w-1', at(4));
    expect(pool.state.seats).toHaveLength(1);
    expect(() => pool.take('w-3', at(5))).toThrow('has 1 seat and none is free');
    pool.release('w-2', at(6));
    pool.take('w-3', at(7));
    expect(pool.state.seats.map(({ workerId }) => workerId)).toEqual(['w-3']);
  });

  it('keeps which tokens there were, and since when they are replaced', () => {
    const { pool, when } = given([]);
    const events = when((it) => it.replaceToken(SECOND, at(3)));
    expect(events).toEqual([new LicensePoolTokenReplaced('p-1', { token: SECOND, updatedAt: at(3) })]);
    expect(pool.state).toMatchObject({ token: SECOND, formerTokens: [{ ...FIRST, replacedAt: at(3) }] });
  });

  it('counts what people change, and nothing else', () => {
    const { pool, when } = given(['w-1', 'w-2']);
    expect(pool.state.revision).toBe(1);
    when((it) => {
      it.update({ name: 'campus' }, at(2));
      it.strand('w-1', 'x', at(2));
      it.report('w-2', 'REGISTERED', at(2));
      it.release('w-2', at(2));
    });
    expect(pool.state.revision).toBe(1);
    pool.update({ name: 'north' }, at(3));
    pool.replaceToken(SECOND, at(3));
    pool.free('w-1', 'x', 'user:ann', at(3));
    pool.delete(false, at(4));
    expect(pool.state.revision).toBe(5);
  });

  it('is deleted without seats, or by force, and then gives nothing any more', () => {
    const { pool } = given(['w-1']);
    expect(() => pool.delete(false, at(3))).toThrow(LicensePoolInUse);
    pool.delete(true, at(3));
    pool.delete(false, at(4));
    expect(pool.state).toMatchObject({ deletedAt: at(3), seats: [] });
    expect(() => pool.take('w-2', at(5))).toThrow(LicensePoolNotFound);
    expect(() => pool.update({ capacity: 9 }, at(5))).toThrow(LicensePoolNotFound);
    expect(() => pool.replaceToken(SECOND, at(5))).toThrow(LicensePoolNotFound);
  });
});
