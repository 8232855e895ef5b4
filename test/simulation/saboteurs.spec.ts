import { SABOTEURS } from './sabotage/saboteurs';
import { trialOf } from './trial';

describe('random days find out', () => {
  it.each(SABOTEURS)('the lack of $without', async ({ by, leadsTo, seed }) => {
    const { fleet } = await trialOf(seed, { sabotaged: by });
    expect(fleet.story.harms.map(({ harm }) => harm)).toContain(leadsTo);
  });
});
