import { streamsOf, workerOf } from './worker-streams';

it('are the workers’ own and those of what was asked for their labs', () => {
  expect(streamsOf(['00000000-0000-4000-8000-00000000000A'])).toEqual([
    'worker-00000000-0000-4000-8000-00000000000a',
    'labs-00000000-0000-4000-8000-00000000000a',
  ]);
});

it.each([
  ['worker-w-1', 'w-1'],
  ['labs-w-1', 'w-1'],
  ['license-w-1', null],
  ['licensepool-w-1', null],
  ['apikey-w-1', null],
  ['reaper', null],
])('the entry of %s stands in the history of %s', (stream, worker) => {
  expect(workerOf({ commit: { stream } as never })).toBe(worker);
});
