import { compileApp } from '../support/app-process';
import { crashRun } from './crash-run';
import { seedOf } from './random';
import { watchers } from './watchers/watchers';

/** The short form; `npm run test:crash` is the long one. */
it('loses nothing and does nothing twice when application and database are killed', async () => {
  compileApp();
  const seed = seedOf(process.env);
  const plan = {
    seed,
    processes: 2,
    clients: 3,
    kills: { app: 3, database: 1, both: 1 },
    watchers: watchers(),
  };
  const { figures, faults } = await crashRun(plan);
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  expect(figures['of them sent more than once']).toBeGreaterThan(0);
}, 900_000);
