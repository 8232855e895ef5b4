import { compileApp } from '../../support/app-process';
import { printReport } from '../print-report';
import { seedOf } from '../random';
import { raceRun } from './race-run';

it('loses no update in races, also with processes that slept past all leases', async () => {
  compileApp();
  const seed = seedOf(process.env);
  // leases of ticks last 10 s, of subscriptions 30 s
  const report = await raceRun({ seed, pauses: [33_000, 12_000, 12_000] });
  printReport(`races, seed ${seed}`, report);
  expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] });
}, 600_000);
