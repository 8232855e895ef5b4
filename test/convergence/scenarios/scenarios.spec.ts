import { seedsOf, trial } from './trial';

/** The short form; `npm run test:scenarios` is the long one. `SEED=<number>` plays one again. */
const SCENARIOS = 60;
/** a person's act in AWS that must be followed, at the right moment: few scenarios have it */
const TELLING = [2113];

it('what people ask for comes true in scenarios of any kind', async () => {
  expect(await trial([...seedsOf(process.env, 1, SCENARIOS), ...TELLING])).toEqual([]);
}, 1_200_000);
