import { compileApp } from '../support/app-process';
import { crashRun } from './crash-run';
import { seedOf } from './random';
import { printReport } from './print-report';
import { watchers } from './watchers/watchers';

it('loses nothing and does nothing twice through 70 kills', async () => {
  compileApp();
  const seed = seedOf(process.env);
  const plan = {
    seed,
    processes: 3,
    clients: 4,
    kills: { app: 50, database: 10, both: 10 },
    watchers: watchers(),
  };
  const report = await crashRun(plan);
  printReport(`kill -9, seed ${seed}`, report);
  expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] });
}, 3_600_000);
