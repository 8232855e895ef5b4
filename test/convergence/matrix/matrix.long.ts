import { type Outcome } from './block';
import { type Strikes } from './case';
import { FAULTS } from './faults';
import { faultsOf, runStep } from './run-step';
import { STEPS } from './steps';
import { tableOf } from './table';

const FORMS: readonly (readonly [title: string, strikes: Strikes])[] = [
  ['once', { times: 1 }],
  ['three times', { times: 3 }],
  ['for three hours', { hours: 3 }],
];

describe.each(FORMS)('whatever fails %s', (title, strikes) => {
  const outcomes: Outcome[] = [];

  it.each(STEPS.map((step) => [step.name, step] as const))(
    'comes true: %s',
    async (_name, step) => {
      const found = await runStep(step, FAULTS, strikes);
      outcomes.push(...found);
      expect(faultsOf(found)).toEqual([]);
    },
    1_800_000,
  );

  afterAll(() => {
    process.stdout.write(`\n${tableOf(`What fails ${title}`, outcomes)}\n`);
  });
});
