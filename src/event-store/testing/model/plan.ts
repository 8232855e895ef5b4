import * as fc from 'fast-check';
import { SECOND } from '../../../kernel/clocks';
import { type Command } from './client';
import { type Faults, stepsOf, type Weights } from './steps';
import { PROJECTION, WEBHOOK } from './subscriber';
import { type Step } from './step';

export interface Plan {
  readonly commands: readonly Command[];
  /** commands that are done before anything else happens */
  readonly doneBefore: number;
  /** how far each process' clock is ahead, milliseconds */
  readonly skews: readonly number[];
  readonly subscriptions: readonly string[];
  /** whether the webhook's receiver is broken for all books at first */
  readonly broken: boolean;
  readonly steps: readonly Step[];
  /** whether no process lives to see the faults' end: what is in the tables has to do */
  readonly allDie: boolean;
  /** whether the webhook's receiver stays broken until its streams wait for a person */
  readonly longBroken: boolean;
}

const PROCESSES = 7;
const MOVES_AT_MOST = 16;

/** Two commands that place each book, of which one wins, and some that move it. */
function commandsFor(books: number): fc.Arbitrary<Command[]> {
  const move = fc.record({ book: fc.nat({ max: books - 1 }), moves: fc.integer({ min: 1, max: 2 }) });
  return fc.array(move, { minLength: 2, maxLength: MOVES_AT_MOST, size: 'max' }).map((moves) => {
    const places = Array.from({ length: 2 * books }, (_, at) => ({ book: at % books, moves: 0 }));
    return [...places, ...moves].map((command, at) => ({
      ...command,
      id: `c${at}`,
      book: `b${command.book}`,
    }));
  });
}

const skew = fc.constantFrom(0, 0, -60 * SECOND, -1 * SECOND, -2, 2, 1 * SECOND, 60 * SECOND);

/** Each run looks closer at one side of the system, or at all of it, … */
interface Side {
  /** things that happen in one run, at most; an interruption is one */
  readonly length: number;
  readonly weights: Weights;
  /** how many of a hundred things that happen are that an owner is interrupted */
  readonly interrupted: number;
  readonly books: readonly number[];
  readonly subscriptions: readonly string[];
}

const ANY = { go: 40, arrive: 2, wait: 5, stall: 5, resume: 7, skew: 1, read: 2 };
const NONE = { send: 0, grow: 0, sequence: 0, look: 0, break: 0, mend: 0, ask: 0 };
const SIDES: readonly Side[] = [
  {
    length: 120,
    weights: { ...ANY, ...NONE, send: 14, sequence: 12, look: 12, break: 2, mend: 2, ask: 1 },
    interrupted: 1,
    books: [1, 2, 3],
    subscriptions: [PROJECTION, WEBHOOK],
  },
  {
    length: 120,
    weights: { ...ANY, ...NONE, send: 20, sequence: 12 },
    interrupted: 0,
    books: [2, 3],
    subscriptions: [WEBHOOK],
  },
  {
    length: 60,
    weights: { ...ANY, ...NONE, go: 25, grow: 8, look: 30 },
    interrupted: 8,
    books: [1, 2],
    subscriptions: [PROJECTION, WEBHOOK],
  },
  {
    length: 60,
    weights: { ...ANY, ...NONE, go: 25, grow: 8, look: 30, break: 5, mend: 5, ask: 2 },
    interrupted: 15,
    books: [1, 2],
    subscriptions: [WEBHOOK],
  },
  {
    length: 60,
    weights: { ...ANY, ...NONE, go: 15, grow: 8, look: 30, break: 6, mend: 6, ask: 3 },
    interrupted: 40,
    books: [1],
    subscriptions: [WEBHOOK],
  },
];

/** … and has faults of some kinds, or none. */
const FAULTS: readonly Faults[] = [
  { each100: 0, fates: ['done'] },
  { each100: 25, fates: ['answer lost', 'late', 'refused'] },
  { each100: 30, fates: ['dies before', 'dies after'] },
  { each100: 30, fates: ['answer lost', 'late', 'refused', 'dies before', 'dies after'] },
];

export function plans(): fc.Arbitrary<Plan> {
  const mixes = SIDES.flatMap((side) => FAULTS.map((faults) => ({ side, faults })));
  const plan = fc.oneof(
    ...mixes.map(({ side: { length, weights, interrupted, books, subscriptions }, faults }) =>
      fc.record({
        commands: fc.oneof(...books.map(commandsFor)),
        doneBefore: fc.nat({ max: 6 }),
        skews: fc.array(skew, { minLength: PROCESSES, maxLength: PROCESSES }),
        subscriptions: fc.constant(subscriptions),
        broken: fc.boolean(),
        steps: stepsOf(length, weights, faults, interrupted),
        allDie: fc.boolean(),
        longBroken: fc.oneof(
          { weight: 14, arbitrary: fc.constant(false) },
          { weight: 1, arbitrary: fc.constant(true) },
        ),
      }),
    ),
  );
  // fast-check's bias is towards short ones, in which nothing comes of anything
  return fc.noBias(plan);
}
