import fc from 'fast-check';
import { HOUR, plus } from '../../kernel/clocks';
import { ANN, anAssignment, hours, NOW } from '../testing/assignment.builder';
import { type GivenAssignment, mostAtOnce, type Span, spanOf } from './assignment';
import { AssignmentNotFound, AssignmentOverlaps, QuotaExceeded } from './assignment-errors';
import { LabUser } from './lab-user';

const QUOTA = 2;

/** A user after these were granted. */
function userWith(...given: Partial<GivenAssignment>[]): LabUser {
  const user = LabUser.unknown('u');
  given.forEach((one, index) =>
    user.grant(ANN, anAssignment({ id: `a-${index + 1}`, workerId: `w-${index + 1}`, ...one }), 100),
  );
  return LabUser.restore('u', user.uncommitted);
}

describe('a user of workers', () => {
  it('gets what is within the quota, and not one more at the same moment', () => {
    const user = userWith({}, {});
    const third = anAssignment({ id: 'a-3', workerId: 'w-3' });
    expect(() => user.grant(ANN, third, QUOTA)).toThrow(QuotaExceeded);
    user.grant(ANN, { ...third, from: hours(1), until: hours(2) }, QUOTA);
    expect(user.state.assignments).toHaveLength(3);
  });

  it('is counted at the moment that has the most, be it in the middle of what is asked for', () => {
    const user = userWith({ from: hours(2), until: hours(4) }, { from: hours(3), until: hours(5) });
    const long = { id: 'a-3', workerId: 'w-3', until: hours(9) };
    expect(() => user.grant(ANN, anAssignment(long), QUOTA)).toThrow(QuotaExceeded);
    user.grant(ANN, anAssignment({ ...long, until: hours(3) }), QUOTA);
  });

  it('is told how many there are', () => {
    try {
      userWith({}, {}).mustHaveRoom({ from: NOW, until: hours(1) }, QUOTA);
      throw new Error('not refused');
    } catch (error) {
      expect(error).toMatchObject({ code: 'quota-exceeded', data: { quota: 2, atOnce: 2 } });
    }
    expect(() => userWith({}).mustHaveRoom({ from: NOW, until: null }, QUOTA, 1)).toThrow(QuotaExceeded);
    userWith({}).mustHaveRoom({ from: NOW, until: null }, QUOTA);
  });

  it('may have another quota than the others, and gets theirs back', () => {
    const user = userWith({}, {});
    user.setQuota(ANN, 3, NOW);
    user.grant(ANN, anAssignment({ id: 'a-3', workerId: 'w-3' }), QUOTA);
    user.setQuota(ANN, 1, NOW);
    // what was granted stands
    expect(user.state.assignments).toHaveLength(3);
    expect(() => user.mustHaveRoom({ from: NOW, until: hours(1) }, QUOTA)).toThrow(QuotaExceeded);
    user.setQuota(ANN, null, NOW);
    expect(user.quota(QUOTA)).toBe(2);
    user.setQuota(ANN, null, NOW);
    expect(user.uncommitted).toHaveLength(4);
  });

  it.each([
    ['the same worker', {}, {}, true],
    ['a lab on a worker that he has', {}, { labId: 'lab' }, true],
    ['the worker of a lab that he has', { labId: 'lab' }, {}, true],
    ['the same lab', { labId: 'lab' }, { labId: 'lab' }, true],
    ['another lab', { labId: 'lab' }, { labId: 'other' }, false],
    ['another worker', {}, { workerId: 'w-2' }, false],
    ['the same worker afterwards', {}, { from: hours(1), until: null }, false],
    ['the same worker, without an end', { until: null }, { from: hours(99), until: hours(100) }, true],
  ])('is refused %s in the same time: %j, then %j', (_what, first, second, refused) => {
    const user = userWith({ workerId: 'w-1', ...first });
    const grant = () => user.grant(ANN, anAssignment({ id: 'a-2', ...second }), 100);
    if (refused) expect(grant).toThrow(AssignmentOverlaps);
    else expect(grant).not.toThrow();
  });

  it('has what was ended no more, and may get it again', () => {
    const user = userWith({ until: null });
    user.end('a-1', 'revoked', { by: 'api-key:admin', at: hours(2) });
    const [ended] = user.state.assignments;
    expect(ended && spanOf(ended)).toEqual({ from: NOW, until: hours(2) });
    expect(ended?.ended).toEqual({ at: hours(2), cause: 'revoked', by: 'api-key:admin' });
    user.end('a-1', 'worker-terminated', { by: 'system:assignments', at: hours(3) });
    expect(user.uncommitted).toHaveLength(1);
    user.grant(ANN, anAssignment({ id: 'a-2', from: hours(2), until: null }), 1);
    expect(() => user.end('a-9', 'revoked', { by: 'x', at: NOW })).toThrow(AssignmentNotFound);
  });

  it('never had what was ended before it began', () => {
    const user = userWith({ from: hours(5), until: hours(6) });
    user.end('a-1', 'revoked', { by: 'x', at: hours(1) });
    user.grant(ANN, anAssignment({ id: 'a-2', from: hours(4), until: hours(9) }), 1);
    expect(user.state.assignments).toHaveLength(2);
  });

  it('grants one of an id once, whatever became of it', () => {
    const user = userWith({});
    user.end('a-1', 'revoked', { by: 'x', at: NOW });
    user.grant(ANN, anAssignment(), 1);
    expect(user.uncommitted).toHaveLength(1);
  });

  it('forgets what was over for 90 days when it gets another one', () => {
    const user = userWith({ until: hours(1) }, { until: null });
    const later = plus(NOW, 91 * 24 * HOUR);
    user.grant(
      ANN,
      anAssignment({ id: 'a-3', workerId: 'w-3', from: later, until: null, grantedAt: later }),
      9,
    );
    expect(user.state.assignments.map(({ id }) => id)).toEqual(['a-2', 'a-3']);
  });

  const hour = fc.integer({ min: 0, max: 30 });
  const span = fc.record({ from: hour, length: fc.option(fc.integer({ min: 1, max: 12 })) }).map(toSpan);
  const act = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('grant' as const), worker: fc.nat(3), lab: fc.nat(2), span }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(8), at: hour }) },
  );

  it('never has more at the same moment than the quota, nor the same thing twice, whatever is asked', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), fc.integer({ min: 0, max: 3 }), (acts, quota) => {
        let user = LabUser.unknown('u');
        acts.forEach((one, index) => {
          attempt(() => {
            if (one.kind === 'end')
              return user.end(`a-${one.which}`, 'revoked', { by: 'x', at: hours(one.at) });
            const labId = one.lab === 0 ? null : `lab-${one.lab}`;
            const given = { id: `a-${index}`, workerId: `w-${one.worker}`, labId, ...one.span };
            user.grant(ANN, anAssignment(given), quota);
          });
          // as another process knows it
          user = LabUser.restore('u', [], { state: user.state, version: index + 1 });
        });
        const held = user.state.assignments;
        for (let at = 0; at <= 45; at += 0.5) {
          const now = hours(at);
          const there = held.filter((it) => countsAt(spanOf(it), now));
          expect(there.length).toBeLessThanOrEqual(quota);
          const places = there.map(({ workerId, labId }) => `${workerId}/${labId ?? '*'}`);
          expect(new Set(places).size).toBe(places.length);
          for (const place of places.filter((it) => it.endsWith('*'))) {
            expect(places.filter((it) => it.startsWith(place.slice(0, -1)))).toEqual([place]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('counts the most at once as one does who looks at every moment', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), span, (spans, within) => {
        const moments = Array.from({ length: 100 }, (_, half) => hours(half / 2));
        const counts = moments
          .filter((now) => countsAt(within, now))
          .map((now) => spans.filter((one) => countsAt(one, now)).length);
        expect(mostAtOnce(spans, within)).toBe(Math.max(...counts));
      }),
      { numRuns: 300 },
    );
  });
});

function toSpan({ from, length }: { from: number; length: number | null }): Span {
  return { from: hours(from), until: length === null ? null : hours(from + length) };
}

/** In words of its own. */
function countsAt({ from, until }: Span, now: Date): boolean {
  return now >= from && (until === null || now < until);
}

function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    const expected = [AssignmentOverlaps, QuotaExceeded, AssignmentNotFound];
    if (!expected.some((kind) => error instanceof kind)) throw error;
  }
}
