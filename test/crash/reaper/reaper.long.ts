import { compileApp } from '../../support/app-process';
import { printReport } from '../print-report';
import { seedOf } from '../random';
import { reaperRun } from './reaper-run';
import { type Pace, PATIENT, QUICK } from './reaper-settings';
import { type Strike } from './strikes';

/**
 * Nobody sleeps between the budget and the call: asleep between the last look at the clock and the socket, a process
 * sends what it looked at before, and no program can tell.
 */
const IN_STOPS: readonly Strike[] = [
  { moment: 'fence', deed: 'kill' },
  { moment: 'fence', deed: 'freeze' },
  { moment: 'probe', deed: 'kill' },
  { moment: 'probe', deed: 'freeze' },
  { moment: 'take', deed: 'kill' },
  { moment: 'stop', deed: 'kill' },
  { moment: 'stop', deed: 'freeze' },
];

const IN_NOTICES: readonly Strike[] = [
  { moment: 'plan', deed: 'kill' },
  { moment: 'plan', deed: 'freeze' },
];

beforeAll(() => compileApp());

it.each<[string, Pace, readonly Strike[], number]>([
  ['stops', QUICK, IN_STOPS, 6],
  ['announcements of stops', PATIENT, IN_NOTICES, 10],
])(
  'stops nothing unprobed, unannounced or in use through blows in the middle of %s',
  async (where, pace, each, times) => {
    const seed = seedOf(process.env);
    const strikes = each.flatMap((strike) => Array<Strike>(times).fill(strike));
    const report = await reaperRun({ seed, pace, strikes });
    printReport(`kill -9 and SIGSTOP in ${where}, 3 replicas, seed ${seed}`, report);
    expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] });
  },
  3_600_000,
);
