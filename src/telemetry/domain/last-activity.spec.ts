import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { activityValues, labsValues, systemValues } from '../testing/fake-cml';
import { labsChanged, newestEdit } from './lab-changes';
import { lastActivityIn } from './last-activity';
import {
  failed,
  type LabsValues,
  type Observation,
  observed,
  type Source,
  type ValuesOf,
  withReadings,
} from './observation';
import { signalsOf } from './signals-of';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const RULES = { cpuIdleBelowPercent: 10, maximalAgeMs: 3 * MINUTE };

const ago = (minutes: number) => plus(NOW, -minutes * MINUTE);
const saw = <S extends Source>(source: S, values: ValuesOf[S], at = NOW): Observation<S> =>
  observed<S>(undefined, 'w1', source, values, at);
const did = (at: Date, newestCategory: string | null = 'start_node') =>
  saw('cml-activity', { ...activityValues(at), newestCategory });
const busy = (cpuPercent: number) => saw('cml-system', systemValues({ cpuPercent }));
const lab = (id: string, state: string, modifiedAt: Date | null = null) => ({
  ...{ id, state, modifiedAt, title: null, owner: null, nodeCount: null },
});
const labs = (...given: LabsValues['labs'][number][]): LabsValues => ({
  total: given.length,
  running: given.filter(({ state }) => state === 'STARTED').length,
  labs: given,
});

function lastOf(before: Observation[], ...readings: Observation[]) {
  const known = withReadings({}, before);
  const after = withReadings(known, readings);
  return lastActivityIn(known, after, signalsOf('w1', known, after, RULES));
}

describe('the last activity', () => {
  it('is unknown where nothing tells of use', () => {
    expect(lastOf([], saw('cml-labs', labsValues(0)), busy(3))).toBe(null);
  });

  const running = { at: NOW, source: 'cml-labs', kind: 'lab-running' };
  const changed = { at: NOW, source: 'cml-labs', kind: 'lab-changed' };
  const act = (at: Date, kind: string | null = 'start_node') => ({ at, source: 'cml-activity', kind });

  it.each([
    ['a running lab', saw('cml-labs', labsValues(1)), running],
    ['an edited lab', saw('cml-labs', labs(lab('a', 'STOPPED', ago(20)))), { ...changed, at: ago(20) }],
    ['a busy processor', busy(50), { at: NOW, source: 'cml-system', kind: 'cpu' }],
    ['what a person did', did(ago(50)), act(ago(50))],
    ['what CML does not name', did(ago(50), null), act(ago(50), null)],
    [
      'what a reading was the first to find, by a clock that is behind',
      saw('cml-activity', { ...activityValues(ago(50)), newestFoundAt: ago(4) }),
      act(ago(4), null),
    ],
    ['never the future, where a clock is ahead', did(plus(NOW, SECOND)), act(NOW)],
  ])('is told by %s', (_, reading, expected) => {
    expect(lastOf([], reading)).toEqual(expected);
  });

  it('is a change of the labs that only two readings show', () => {
    const before = saw('cml-labs', labs(lab('a', 'STARTED')), ago(1));
    expect(lastOf([before], saw('cml-labs', labs(lab('a', 'STOPPED'))))).toEqual(changed);
    expect(lastOf([before], busy(3))).toBe(null);
    expect(lastOf([before], failed(before, 'w1', 'cml-labs', { code: 'x', message: 'x', at: NOW }))).toBe(
      null,
    );
  });

  it('is the newest of them; of several at one time the labs', () => {
    const labsBefore = saw('cml-labs', labs(lab('a', 'STOPPED', ago(50))));
    expect(lastOf([], did(ago(20)), labsBefore)).toEqual(act(ago(20)));
    expect(lastOf([], busy(50), did(NOW), saw('cml-labs', labsValues(1)))).toEqual(running);
  });
});

describe('labs', () => {
  const two = [lab('a', 'STOPPED', ago(50)), lab('b', 'DEFINED_ON_CORE', ago(50))] as const;

  it.each<[string, LabsValues | null, LabsValues, boolean]>([
    ['as they were', labs(...two), labs(...two), false],
    ['in another order', labs(...two), labs(two[1], two[0]), false],
    ['never read before', null, labs(...two), false],
    ['one made', labs(two[0]), labs(...two), true],
    ['one deleted', labs(...two), labs(two[0]), true],
    ['one in the place of another', labs(two[0]), labs(two[1]), true],
    ['one in another state', labs(...two), labs(two[0], { ...two[1], state: 'STOPPED' }), true],
    ['one edited', labs(...two), labs(two[0], { ...two[1], modifiedAt: ago(40) }), true],
    [
      'one edited, by a clock that is behind',
      labs(...two),
      labs(two[0], { ...two[1], modifiedAt: ago(49) }),
      true,
    ],
    ['of which the edits were not read', labs(lab('a', 'STOPPED')), labs(two[0]), false],
    ['of which the edits are not told any more', labs(two[0]), labs(lab('a', 'STOPPED')), false],
  ])('%s', (_, before, after, changed) => {
    expect(labsChanged(before, after)).toBe(changed);
  });

  it('were last edited when the newest was', () => {
    expect(
      newestEdit(labs(lab('a', 'STOPPED', ago(9)), lab('b', 'STOPPED', ago(3)), lab('c', 'STOPPED')), NOW),
    ).toEqual(ago(3));
    expect(newestEdit(labs(lab('a', 'STOPPED', ago(-9))), NOW)).toBe(null);
  });
});
