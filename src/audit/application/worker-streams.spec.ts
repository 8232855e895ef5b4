import { streamsOf } from './worker-streams';

it('are the workers’ own and those of what was asked for their labs', () => {
  expect(streamsOf(['00000000-0000-4000-8000-00000000000A'])).toEqual([
    'worker-00000000-0000-4000-8000-00000000000a',
    'labs-00000000-0000-4000-8000-00000000000a',
  ]);
});
