import { MINUTE, plus } from '../../kernel/clocks';
import { LabActs } from './lab-acts';
import { changesBy, type LabChange, type LabsSeen, type SeenLab, whoAsked } from './lab-change';

const T0 = new Date('2027-01-15T12:00:00.000Z');
const at = (minute: number) => plus(T0, minute * MINUTE);
const lab = (id: string, state: string): SeenLab => ({ id, title: `Lab ${id}`, owner: 'alice', state });
const seen = (minute: number, ...labs: SeenLab[]): LabsSeen => ({ labs, observedAt: at(minute) });
const told = (changes: readonly Omit<LabChange, 'by'>[]) =>
  changes.map(({ labId, from, to, since, at: when }) => [labId, from, to, since, when]);
const recorded = (changes: readonly Omit<LabChange, 'by'>[]) => changes.map((it) => ({ ...it, by: null }));

describe('what a reading changed', () => {
  it('is states, labs that came, and labs that went, each with the reading before and the one that shows it', () => {
    const before = seen(0, lab('a', 'STOPPED'), lab('b', 'STARTED'), lab('c', 'STOPPED'));
    const changes = changesBy(
      'w',
      before,
      [],
      seen(1, lab('a', 'STARTED'), lab('b', 'STARTED'), lab('d', 'STOPPED')),
    );
    expect(told(changes)).toEqual([
      ['a', 'STOPPED', 'STARTED', at(0), at(1)],
      ['d', null, 'STOPPED', at(0), at(1)],
      ['c', 'STOPPED', null, at(0), at(1)],
    ]);
    expect(changes[0]).toMatchObject({ workerId: 'w', title: 'Lab a', owner: 'alice' });
  });

  it('is all labs where nothing was read before', () => {
    expect(told(changesBy('w', null, [], seen(1, lab('a', 'STARTED'))))).toEqual([
      ['a', null, 'STARTED', null, at(1)],
    ]);
  });

  it('is the same to all who saw it, also to one whose own reading came later', () => {
    const before = seen(0, lab('a', 'STOPPED'));
    const ids = [1, 2].map((minute) => changesBy('w', before, [], seen(minute, lab('a', 'STARTED')))[0]?.id);
    expect(ids[0]).toBe(ids[1]);
    const others = [
      changesBy('w', before, [], seen(1, lab('a', 'DEFINED_ON_CORE'))),
      changesBy('v', before, [], seen(1, lab('a', 'STARTED'))),
      changesBy('w', seen(0.5, lab('a', 'STOPPED')), [], seen(1, lab('a', 'STARTED'))),
    ];
    expect(others.map((changes) => changes[0]?.id)).not.toContain(ids[0]);
  });

  it('is what the history lacks where a process died before it recorded the reading', () => {
    const history = recorded(changesBy('w', null, [], seen(0, lab('a', 'STOPPED'), lab('b', 'STARTED'))));
    // b went, a started, and c came, which was read at minute 1 and recorded by nobody
    const lost = seen(1, lab('a', 'STARTED'), lab('c', 'STOPPED'));
    expect(told(changesBy('w', lost, history, seen(2, lab('a', 'STARTED'), lab('c', 'STOPPED'))))).toEqual([
      ['a', 'STOPPED', 'STARTED', at(0), at(2)],
      ['b', 'STARTED', null, at(0), at(2)],
    ]);
  });

  it('is nothing where the history is ahead of a reading that comes late', () => {
    const history = recorded(changesBy('w', seen(0, lab('a', 'STOPPED')), [], seen(2, lab('a', 'STARTED'))));
    expect(changesBy('w', seen(0, lab('a', 'STOPPED')), history, seen(1, lab('a', 'STOPPED')))).toEqual([]);
  });
});

describe('who asked for a change', () => {
  const change = (from: string | null, to: string | null, minute: number, labId = 'a') =>
    ({
      ...{ id: `${labId}-${minute}`, workerId: 'w', labId, title: null, owner: null },
      ...{ from, to, since: at(minute - 1), at: at(minute) },
    }) as const;
  const asked = (labId = 'a') => ({ labId, title: null, owner: null });
  const who = (acts: LabActs, of: ReturnType<typeof change>, history: LabChange[] = []) =>
    whoAsked(of, acts.state, history);

  it('is whoever had the lab started or stopped before', () => {
    const acts = LabActs.open('w');
    acts.requested('start', asked(), 'user:ann', at(9.5));
    expect(who(acts, change('STOPPED', 'STARTED', 10))).toBe('user:ann');
    expect(who(acts, change('STARTED', 'STOPPED', 10))).toBeNull();
    expect(who(acts, change('STOPPED', 'STARTED', 10, 'b'))).toBeNull();
    expect(who(acts, change('STOPPED', 'STARTED', 9))).toBeNull();
  });

  it('is whoever had all labs stopped, where nobody stopped this one', () => {
    const acts = LabActs.open('w');
    acts.stopAllRequested('user:bob', at(5));
    expect(who(acts, change('STARTED', 'STOPPED', 10))).toBe('user:bob');
    expect(who(acts, change('STARTED', null, 10))).toBeNull();
    acts.requested('stop', asked(), 'user:ann', at(6));
    expect(who(acts, change('STARTED', 'STOPPED', 10))).toBe('user:ann');
  });

  it('is nobody for a change half an hour later, or after the lab has changed since, or where CML refused', () => {
    const acts = LabActs.open('w');
    acts.requested('start', asked(), 'user:ann', at(5));
    expect(who(acts, change('STOPPED', 'STARTED', 35))).toBe('user:ann');
    expect(who(acts, change('STOPPED', 'STARTED', 36))).toBeNull();
    const since = { ...change('STARTED', 'STOPPED', 8), by: null };
    expect(who(acts, change('STOPPED', 'STARTED', 10), [since])).toBeNull();
    const refused = { answer: 'refused', message: 'no licence' } as const;
    acts.answered({ labId: 'a', request: 'start' }, refused, at(5));
    expect(who(acts, change('STOPPED', 'STARTED', 6))).toBeNull();
  });
});
