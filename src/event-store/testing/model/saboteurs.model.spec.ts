import * as fc from 'fast-check';
import { enact } from './enact';
import { plans } from './plan';
import { fakeIntervals } from './runs';
import { SABOTEURS } from './saboteurs';
import { type Finding } from './witness';

const ENOUGH_MS = 600_000;
/** The rarest harm comes once in some thousand runs; the seeds are chosen so that each comes within a few. */
const RUNS = 20_000;

const cases = SABOTEURS.flatMap(({ without, parts, leadsTo }) =>
  leadsTo.map(([harm, seed]) => ({ without, parts, harm, seed })),
);

describe('the model finds what a guard is for', () => {
  beforeAll(fakeIntervals);

  it.each(cases)(
    'without $without: $harm',
    async ({ parts, harm, seed }) => {
      let found: Finding | undefined;
      const property = fc.asyncProperty(plans(), async (plan) => {
        const { witness } = await enact(plan, parts);
        found = witness.findings.find((finding) => finding.harm === harm);
        return found === undefined;
      });
      await fc.check(property, { seed, numRuns: RUNS, endOnFailure: true });
      expect(found).toBeDefined();
    },
    ENOUGH_MS,
  );
});
