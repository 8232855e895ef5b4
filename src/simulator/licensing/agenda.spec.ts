import { Agenda, type Errander } from './agenda';

const at = (second: number) => new Date(second * 1_000);

/** A machine that is up in some spans of seconds, and gone for good after `gone`. */
function machine(spans: readonly (readonly [number, number])[], gone = Infinity): Errander {
  return {
    upFrom: (from, until) => {
      for (const [begin, end] of spans) {
        const up = Math.max(from.getTime() / 1_000, begin);
        if (up <= end && up <= until.getTime() / 1_000) return at(up);
      }
      return until >= at(gone) ? 'never' : null;
    },
  };
}

let agenda: Agenda;
let done: string[];
beforeEach(() => {
  agenda = new Agenda();
  done = [];
});

const plan = (by: Errander, second: number, name: string) =>
  agenda.plan({ by, at: at(second), run: (time) => done.push(`${name} at ${time.getTime() / 1_000}`) });

const ALWAYS = machine([[0, 1_000]]);

it('does what is due in the order of time, and what is planned meanwhile', () => {
  plan(ALWAYS, 30, 'c');
  plan(ALWAYS, 10, 'a');
  agenda.plan({ by: ALWAYS, at: at(20), run: () => plan(ALWAYS, 25, 'b') });
  agenda.settle(at(9));
  expect(done).toEqual([]);
  agenda.settle(at(60));
  expect(done).toEqual(['a at 10', 'b at 25', 'c at 30']);
});

it.each([
  ['once', [200]],
  ['often', [15, 30, 99, 105, 120, 200]],
])('does soon after the next boot what a machine was off for, looked at %s', (_how, looks) => {
  const off = machine([
    [0, 10],
    [100, 1_000],
  ]);
  plan(off, 20, 'late');
  plan(ALWAYS, 110, 'same time');
  plan(ALWAYS, 111, 'after');
  for (const second of looks) agenda.settle(at(second));
  expect(done).toEqual(['same time at 110', 'late at 110', 'after at 111']);
});

it('forgets what is cancelled, and machines that are gone', () => {
  const off = machine([[100, 1_000]]);
  plan(off, 20, 'asleep');
  plan(off, 200, 'planned');
  plan(machine([], 50), 20, 'gone');
  agenda.settle(at(60));
  agenda.cancel(off);
  agenda.settle(at(500));
  expect(done).toEqual([]);
});
