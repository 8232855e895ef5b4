import { MINUTE, plus, SECOND } from '../../../kernel/clocks';
import { MovedTime } from '../testing/moved-time';
import { Circuit } from './circuit';

let time: MovedTime;
let circuit: Circuit;
let start: Date;
beforeEach(() => {
  time = new MovedTime();
  start = time.machine.now();
  circuit = new Circuit('eu-west-1', 'ec2', time.machine);
});

const fail = () => circuit.enter().unanswered();
const opened = () => {
  for (let count = 0; count < 5; count += 1) fail();
};
const after = (ms: number) => time.machine.advance(ms);
const refusal = expect.objectContaining({ failure: 'unreachable', awsCode: 'RegionUnreachable' }) as Error;

it('is closed at first, and after calls that AWS answered', () => {
  for (let count = 0; count < 4; count += 1) fail();
  circuit.enter().answered();
  for (let count = 0; count < 4; count += 1) fail();

  expect(circuit.use()).toEqual({ service: 'ec2', state: 'closed', since: start, openUntil: null });
});

it('opens after five calls in a row without an answer, and says since when and until when', () => {
  opened();

  const openUntil = plus(start, 30 * SECOND);
  expect(circuit.use()).toEqual({ service: 'ec2', state: 'open', since: start, openUntil });
  expect(() => circuit.check()).toThrow(refusal);
  expect(() => circuit.enter()).toThrow(
    'ec2 in eu-west-1 left 5 calls in a row without a usable answer, so nothing is sent there since ' +
      '2026-11-23T08:00:00.000Z. It is tried again at 2026-11-23T08:00:30.000Z.',
  );
});

it('lets one call try once its time is over', () => {
  opened();
  after(30 * SECOND);
  expect(circuit.use().state).toBe('half-open');

  const trial = circuit.enter();

  expect(() => circuit.enter()).toThrow(/One call is trying it now/);
  trial.answered();
  expect(circuit.use()).toMatchObject({ state: 'closed', since: plus(start, 30 * SECOND), openUntil: null });
  circuit.enter().answered();
});

it('stays open longer each time that the try fails, up to five minutes', () => {
  opened();
  const times = [1, 2, 3, 4, 5].map(() => {
    const { openUntil } = circuit.use();
    const ms = (openUntil?.getTime() ?? 0) - time.machine.now().getTime();
    after(ms);
    fail();
    return ms / SECOND;
  });

  expect(times).toEqual([30, 60, 120, 240, 300]);
  expect(circuit.use()).toMatchObject({ state: 'open', since: start });
  after(5 * MINUTE);
  circuit.enter().answered();
  opened();
  expect(circuit.use().openUntil).toEqual(plus(time.machine.now(), 30 * SECOND));
});

it('lets another call try where the first was never sent', () => {
  opened();
  after(30 * SECOND);
  circuit.enter().abandoned();

  circuit.enter().answered();
  expect(circuit.use().state).toBe('closed');
});

it('does not count what was under way when it opened, unless that is answered', () => {
  const [late, later] = [circuit.enter(), circuit.enter()];
  opened();
  after(10 * SECOND);
  late.unanswered();
  expect(circuit.use().openUntil).toEqual(plus(start, 30 * SECOND));

  later.answered();
  expect(circuit.use().state).toBe('closed');
});
