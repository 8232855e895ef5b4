import { compileApp } from '../../support/app-process';
import { seedOf } from '../random';
import { raceRun } from './race-run';

/** The short form: past the leases of ticks, 10 s. `npm run test:crash` is the long one. */
it('loses no update in races, also with a process that slept past its leases', async () => {
  compileApp();
  const seed = seedOf(process.env);
  const { figures, faults } = await raceRun({ seed, pauses: [11_000] });
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  expect(figures['of them refused by If-Match']).toBeGreaterThan(0);
  expect(figures['leases that changed hands']).toBeGreaterThan(0);
}, 900_000);
