import { seedsOf, trial } from './trial';

/** In parts, so that a failure of one shows early. */
const PARTS = Array.from({ length: 10 }, (_, part) => part);
const EACH = 50;

it.each(PARTS)(
  'what people ask for comes true in scenarios of any kind, part %i',
  async (part) => {
    expect(await trial(seedsOf(process.env, 1 + part * EACH, EACH))).toEqual([]);
  },
  1_800_000,
);
