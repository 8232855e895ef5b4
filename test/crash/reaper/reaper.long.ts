import { compileApp } from '../../support/app-process';
import { printReport } from '../print-report';
import { seedOf } from '../random';
import { reaperRun } from './reaper-run';
import { type Strike } from './strikes';

/**
 * Nobody sleeps between the budget and the call: asleep between the last look at the clock and the socket, a process
 * sends what it looked at before, and no program can tell.
 */
const EACH: readonly Strike[] = [
  { moment: 'fence', deed: 'kill' },
  { moment: 'fence', deed: 'freeze' },
  { moment: 'probe', deed: 'kill' },
  { moment: 'probe', deed: 'freeze' },
  { moment: 'take', deed: 'kill' },
  { moment: 'stop', deed: 'kill' },
  { moment: 'stop', deed: 'freeze' },
];

it('stops nothing unprobed, unannounced or in use through 42 blows in the middle of stops', async () => {
  compileApp();
  const seed = seedOf(process.env);
  const strikes = EACH.flatMap((strike) => Array<Strike>(6).fill(strike));
  const report = await reaperRun({ seed, strikes });
  printReport(`kill -9 and SIGSTOP during stops, 3 replicas, seed ${seed}`, report);
  expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] });
}, 3_600_000);
