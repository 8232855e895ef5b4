import * as fc from 'fast-check';
import { SECOND } from '../../../kernel/clocks';
import { type Fate } from './simulated-process';
import { type Calls, type Step } from './step';

const any = fc.nat({ max: 59 });
const book = fc.nat({ max: 5 });
/** Few are in the middle of something; with many, a process goes on until it has nothing to do. */
const fewTimes = fc.integer({ min: 1, max: 9 });
const times = fc.oneof(fc.nat({ max: 3 }), fewTimes, fc.constant(50));

type ByKind = { readonly [D in Step['do']]: fc.Arbitrary<Step> };

function arbitraries(calls: fc.Arbitrary<Calls>): ByKind {
  const withCalls = <S extends object>(step: fc.Arbitrary<S>) =>
    fc.tuple(step, calls).map(([given, then]) => ({ ...given, ...then }));
  return {
    go: withCalls(fc.record({ do: fc.constant('go'), process: any, call: any })),
    arrive: fc.record({ do: fc.constant('arrive'), late: any }),
    send: withCalls(fc.record({ do: fc.constant('send'), command: any, process: any })),
    grow: fc.record({ do: fc.constant('grow'), command: any }),
    sequence: withCalls(fc.record({ do: fc.constant('sequence'), process: any })),
    look: withCalls(
      fc.record({ do: fc.constant('look'), process: any, ms: fc.constantFrom(0, SECOND, 2 * SECOND) }),
    ),
    stall: fc.record({ do: fc.constant('stall'), process: any, times, ms: fc.constantFrom(0, 31 * SECOND) }),
    resume: withCalls(fc.record({ do: fc.constant('resume'), process: any })),
    wait: fc.record({
      do: fc.constant('wait'),
      ms: fc.constantFrom(1, 3 * SECOND, 10 * SECOND, 31 * SECOND),
    }),
    skew: fc.record({
      do: fc.constant('skew'),
      process: any,
      ms: fc.constantFrom(0, -3, 3, -5 * SECOND, 5 * SECOND),
    }),
    break: fc.record({ do: fc.constant('break'), book }),
    mend: fc.record({ do: fc.constant('mend'), book }),
    ask: fc.record({ do: fc.constant('ask') }),
    read: fc.record({ do: fc.constant('read') }),
  };
}

/** How often which step comes. */
export type Weights = { readonly [D in Step['do']]: number };

/** The calls that something becomes of, of each hundred that a step ends with, and what becomes of them. */
export interface Faults {
  readonly each100: number;
  readonly fates: readonly Fate[];
}

/** @param most of them */
export function stepsOf(
  most: number,
  weights: Weights,
  { each100, fates }: Faults,
  interrupted: number,
): fc.Arbitrary<Step[]> {
  const calls = fc.oneof(
    { weight: 100 - each100, arbitrary: fc.record({ times, fate: fc.constant<Fate>('done') }) },
    { weight: each100, arbitrary: fc.record({ times: fewTimes, fate: fc.constantFrom(...fates) }) },
  );
  const all = arbitraries(calls);
  const kinds = Object.keys(all) as Step['do'][];
  const one = fc.oneof(...kinds.map((kind) => ({ weight: weights[kind], arbitrary: all[kind] })));
  const phrase = fc.oneof(
    { weight: 100 - interrupted, arbitrary: one.map((step) => [step]) },
    { weight: interrupted, arbitrary: interruption(all) },
  );
  return fc.array(phrase, { maxLength: most, size: 'max' }).map((phrases) => phrases.flat());
}

/** What happens to the owner of a subscription in the middle of its work, with what happens meanwhile. */
function interruption(all: ByKind): fc.Arbitrary<Step[]> {
  const meanwhile = fc.array(fc.oneof(all.grow, all.break, all.mend, all.ask), { maxLength: 2 });
  const stall = fc.record({ do: fc.constant('stall'), process: any, times, ms: fc.constant(31 * SECOND) });
  const look = (numbers: fc.Arbitrary<number>, ...fates: Fate[]) =>
    fc.record({
      do: fc.constant('look'),
      process: any,
      ms: fc.constantFrom(0, 3 * SECOND),
      times: numbers,
      fate: fc.constantFrom(...fates),
    });
  const resume = fc.record({
    do: fc.constant('resume'),
    process: any,
    times: fewTimes,
    fate: fc.constantFrom<Fate[]>('done', 'dies after'),
  });
  const toTheEnd = fc.constant(50);
  const overtaken = fc.tuple(
    stall,
    meanwhile,
    look(toTheEnd, 'done'),
    meanwhile,
    all.wait,
    resume,
    meanwhile,
  );
  const unanswered = fc.tuple(
    look(fewTimes, 'answer lost', 'late'),
    meanwhile,
    look(fewTimes, 'done', 'dies after'),
  );
  return fc.oneof(overtaken, unanswered).map((steps) => steps.flat() as Step[]);
}
