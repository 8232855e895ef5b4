import { MINUTE, plus } from '../../../kernel/clocks';
import { type Verdict } from '../../../reaper';
import { tickGrid } from './tick-grid';
import { VerdictComparer } from './verdict-comparison';

const START = new Date('2027-01-15T00:00:00.000Z');
const LAYERS = ['settings@0', 'fleet@3'];

type Change = [minute: number, verdict: Verdict];

/** What was thought a moment after each turn began, beside what is replayed. */
function compared(recorded: Change[], replayed: Change[], layers = LAYERS) {
  const comparer = new VerdictComparer(tickGrid('* * * * *'));
  const late = ([minute, verdict]: Change) => ({
    at: plus(START, minute * MINUTE + 800),
    ...{ verdict, policyLayers: layers },
  });
  const onTime = ([minute, verdict]: Change) => ({ at: plus(START, minute * MINUTE), verdict });
  comparer.add('w1', recorded.map(late), replayed.map(onTime), LAYERS);
  const { differing, ...counts } = comparer.result;
  return { ...counts, differing: differing.map((one) => [one.recorded, one.replayed]) };
}

const THOUGHT: Change[] = [
  [0, 'in-use'],
  [5, 'idle-waiting'],
  [9, 'warn'],
  [30, 'stop'],
];
const NOTHING = { restrained: 0, underOtherPolicies: 0, differingTotal: 0, replayedOnly: 0, differing: [] };

describe('the comparison with what was thought', () => {
  it('finds each change at its turn', () => {
    expect(compared(THOUGHT, THOUGHT)).toEqual({ ...NOTHING, recorded: 3, equal: 3 });
  });

  it('tells a change that comes a turn later, another verdict, and one that was never thought', () => {
    const late: Change[] = [THOUGHT[0]!, [6, 'idle-waiting'], THOUGHT[2]!, [30, 'unknown'], [40, 'in-use']];
    expect(compared(THOUGHT, late)).toMatchObject({
      ...{ recorded: 3, equal: 1, differingTotal: 4, replayedOnly: 2 },
      differing: [
        ['idle-waiting', 'in-use'],
        ['stop', 'unknown'],
        [null, 'idle-waiting'],
        [null, 'in-use'],
      ],
    });
  });

  it('takes what was held off for the stop that it would have been', () => {
    const held: Change[] = [...THOUGHT.slice(0, 3), [30, 'held'], [45, 'stop']];
    expect(compared(held, THOUGHT)).toEqual({ ...NOTHING, recorded: 3, equal: 3, restrained: 1 });
  });

  it('leaves out what other policies made', () => {
    const other = compared(THOUGHT, [[0, 'snoozed']], ['settings@0', 'fleet@2']);
    expect(other).toEqual({ ...NOTHING, recorded: 0, equal: 0, underOtherPolicies: 3 });
  });

  it('shows the first fifty differences, and counts them all', () => {
    const turning = (one: Verdict, other: Verdict) =>
      Array.from({ length: 71 }, (_, n): Change => [n, n % 2 === 0 ? one : other]);
    const { differing, ...counts } = compared(turning('in-use', 'unknown'), turning('warn', 'stop'));
    expect(counts).toMatchObject({ recorded: 70, equal: 0, differingTotal: 70, replayedOnly: 0 });
    expect(differing).toHaveLength(50);
  });
});
