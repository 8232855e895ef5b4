import { EC2_GOES_ON, LEADS_TO, type Standing, STATE_MACHINE } from './state-machine';
import { DesiredState, FULFILLED_BY } from './worker-status';

const WANTED = Object.values(DesiredState);

/** Where a worker may come to from where it stands: by an action of the table, whatever its guards say, or by EC2. */
function next(desired: DesiredState, standing: Standing): Standing[] {
  const actions = STATE_MACHINE[desired][standing].map((step) =>
    typeof step === 'string' ? step : step.then,
  );
  return [...actions.map((action) => LEADS_TO[action]), EC2_GOES_ON[standing] ?? null].filter(
    (to) => to !== null,
  );
}

function reached(desired: DesiredState, from: Standing): Set<Standing> {
  const seen = new Set<Standing>([from]);
  for (const standing of seen) for (const to of next(desired, standing)) seen.add(to);
  return seen;
}

describe('the table of the reconciler', () => {
  it.each(WANTED)('ends each list with a step that has no guard, and has none before: %s', (desired) => {
    for (const steps of Object.values(STATE_MACHINE[desired])) {
      expect(steps.map((step) => typeof step === 'string')).toEqual(
        steps.map((_, index) => index === steps.length - 1),
      );
    }
  });

  it.each(WANTED)(
    'leads from everywhere to %s, but from an end, from the unknown and from what never was',
    (desired) => {
      const goal = FULFILLED_BY[desired];
      const stuck = (Object.keys(STATE_MACHINE[desired]) as Standing[]).filter(
        (standing) => !reached(desired, standing).has(goal),
      );
      const expected: Record<DesiredState, Standing[]> = {
        RUNNING: ['SHUTTING_DOWN', 'UNKNOWN', 'TERMINATED'],
        STOPPED: ['NOT_LAUNCHED', 'SHUTTING_DOWN', 'UNKNOWN', 'TERMINATED'],
        TERMINATED: [],
      };
      expect(stuck).toEqual(expected[desired]);
    },
  );

  it.each(WANTED)(
    'does nothing more where %s is fulfilled, but for what hangs on the instance',
    (desired) => {
      const actions = STATE_MACHINE[desired][FULFILLED_BY[desired]].map((step) =>
        typeof step === 'string' ? step : step.then,
      );
      expect(actions.filter((action) => !action.startsWith('apply-'))).toEqual(['none']);
    },
  );
});
