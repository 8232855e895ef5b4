import { compileApp } from '../../support/app-process';
import { seedOf } from '../random';
import { reaperRun } from './reaper-run';
import { QUICK } from './reaper-settings';

/** The short form; `npm run test:crash` is the long one. */
it('stops nothing unprobed, unannounced or in use when processes die or sleep in the middle of stops', async () => {
  compileApp();
  const seed = seedOf(process.env);
  const { figures, faults } = await reaperRun({
    seed,
    pace: QUICK,
    strikes: [
      { moment: 'probe', deed: 'freeze' },
      { moment: 'probe', deed: 'kill' },
      { moment: 'stop', deed: 'kill' },
    ],
  });
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  expect(figures['turns that changed hands']).toBeGreaterThan(0);
  expect(figures['of them lifted without a stop']).toBeGreaterThan(0);
}, 900_000);
