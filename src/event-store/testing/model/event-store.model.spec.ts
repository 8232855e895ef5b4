import * as fc from 'fast-check';
import { enact } from './enact';
import { LooseCommitTable } from './loose-commit-table';
import { LooseLogTable } from './loose-log-table';
import { type Model } from './model';
import { plans } from './plan';
import { fakeIntervals, RUNS } from './runs';

const ENOUGH_MS = 3_600_000;
const LOOSE_RUNS = 60;
const WRITES = ['commits.insert', 'log.append', 'commits.markPlaced', 'subscriptions.move', 'parked.put'];
const FATES = ['answer lost', 'late', 'refused', 'dies before', 'dies after'];

function withoutFindings({ witness: { findings }, story }: Model): void {
  if (findings.length === 0) return;
  const found = findings.map(({ harm, what }) => `${harm}: ${what}`);
  throw new Error([...found, 'after:', ...story].join('\n'));
}

describe('store and delivery, by several processes at once that stall, die and get no answers', () => {
  beforeAll(fakeIntervals);

  const happened = new Set<string>();

  it(
    'lose nothing, do nothing twice and keep the order',
    async () => {
      const property = fc.asyncProperty(plans(), async (plan) => {
        const model = await enact(plan);
        withoutFindings(model);
        for (const line of model.story) happened.add(line.replace(/^\w+ \d+ /, ''));
      });
      await fc.assert(property, { numRuns: RUNS });
    },
    ENOUGH_MS,
  );

  it('were met by every fault, and at each of their writes', () => {
    const faults = [...happened].filter((line) => FATES.some((fate) => line.endsWith(`: ${fate}`)));
    for (const fate of FATES) expect(faults).toContainEqual(expect.stringMatching(`: ${fate}$`));
    for (const write of WRITES) expect(faults).toContainEqual(expect.stringMatching(`^${write}: `));
  });

  it('are as sound on the tables that the saboteurs take indexes from', async () => {
    const commits = () => new LooseCommitTable({ version: true, command: true });
    const log = () => new LooseLogTable({ position: true, commit: true });
    const property = fc.asyncProperty(plans(), async (plan) =>
      withoutFindings(await enact(plan, { commits, log })),
    );
    await fc.assert(property, { numRuns: LOOSE_RUNS });
  });
});
