import { type Outcome, runBlock } from './block';
import { type LifeStep, type Strikes } from './case';
import { type Fault } from './faults';

/** All these faults in one step, each company by itself. What is wrong is told with the story of its block. */
export async function runStep(
  step: LifeStep,
  faults: readonly Fault[],
  strikes: Strikes,
): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for (const company of new Set(faults.map((fault) => fault.company))) {
    const together = faults.filter((fault) => fault.company === company);
    const { outcomes, story } = await runBlock(step, together, strikes);
    if (outcomes.some(({ wrong }) => wrong.length > 0)) process.stderr.write(`\n${step.name}\n${story}\n`);
    all.push(...outcomes);
  }
  return all;
}

/** What is wrong, by cell. */
export function faultsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ case: { title }, wrong }) => wrong.map((what) => `${title}: ${what}`));
}
