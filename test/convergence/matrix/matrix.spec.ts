import { AWS_ERROR_MEANINGS } from '../../../src/adapters/aws/aws-error-meanings';
import { STATE_MACHINE } from '../../../src/workers/domain/state-machine';
import { FAULTS } from './faults';
import { faultsOf, runStep } from './run-step';
import { STEPS } from './steps';

const TYPICAL = FAULTS.filter(({ typical }) => typical);

describe('the matrix of failures', () => {
  it('has every error code of AWS that the adapters know, and one of each meaning in its short form', () => {
    const codes = FAULTS.map(({ name }) => name);
    expect(codes).toEqual(expect.arrayContaining([...AWS_ERROR_MEANINGS.keys()]));
    const meanings = new Set([...AWS_ERROR_MEANINGS.values()].map(({ failure, advice }) => failure + advice));
    expect(TYPICAL.filter(({ name }) => AWS_ERROR_MEANINGS.has(name))).toHaveLength(meanings.size);
  });

  it('has every action of the reconciler that calls AWS', () => {
    const quiet = ['none', 'wait', 'end'];
    const steps = Object.values(STATE_MACHINE).flatMap((row) => Object.values(row).flat());
    const actions = new Set(steps.map((step) => (typeof step === 'string' ? step : step.then)));
    const covered = STEPS.flatMap(({ covers }) => covers);
    expect([...actions].filter((action) => !quiet.includes(action) && !covered.includes(action))).toEqual([]);
  });
});

/** The short form, each fault once; `npm run test:scenarios` is the long one. */
it.each(STEPS.map((step) => [step.name, step] as const))(
  'comes true whatever fails once: %s',
  async (_name, step) => {
    expect(faultsOf(await runStep(step, TYPICAL, { times: 1 }))).toEqual([]);
  },
  600_000,
);

it('is sought with few calls while a fault persists', async () => {
  const step = STEPS.find(({ name }) => name === 'terminate');
  const faults = TYPICAL.filter(({ name }) => ['InternalError', 'RequestLimitExceeded'].includes(name));
  expect(step && faultsOf(await runStep(step, faults, { hours: 2 }))).toEqual([]);
}, 600_000);
