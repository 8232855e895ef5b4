import { type Outcome } from './block';
import { type Strikes } from './case';
import { type Fault, FAULTS } from './faults';
import { faultsOf, runStep } from './run-step';
import { STEPS } from './steps';
import { tableOf } from './table';

/** Three hours of many codes that mean the same would be hours of machine time, too. */
const TYPICAL = FAULTS.filter(({ typical }) => typical);
const FORMS: readonly (readonly [title: string, strikes: Strikes, faults: readonly Fault[]])[] = [
  ['once', { times: 1 }, FAULTS],
  ['three times', { times: 3 }, FAULTS],
  ['for three hours', { hours: 3 }, TYPICAL],
];

describe.each(FORMS)('whatever fails %s', (title, strikes, faults) => {
  const outcomes: Outcome[] = [];

  it.each(STEPS.map((step) => [step.name, step] as const))(
    'comes true: %s',
    async (_name, step) => {
      const found = await runStep(step, faults, strikes);
      outcomes.push(...found);
      expect(faultsOf(found)).toEqual([]);
    },
    1_800_000,
  );

  afterAll(() => {
    process.stdout.write(`\n${tableOf(`What fails ${title}`, outcomes)}\n`);
  });
});
