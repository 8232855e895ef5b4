import { FLEET, type Reach } from '../../kernel/reach';
import { mustStayWithin } from './worker-reach';

const worker = { id: 'w1', awsRegion: 'us-east-1', tags: { team: 'net' } };
const voice = { key: 'team', value: 'voice' };
const net = { key: 'team', value: 'net' };

it.each<[string, Reach]>([
  ['the fleet', FLEET],
  ['its region', [{ regions: ['us-east-1'] }]],
  ['any scope that covers it', [{ tags: [voice] }, { tags: [net] }]],
])('a worker stays within %s', (_, reach) => {
  expect(() => mustStayWithin(reach, worker, 'it')).not.toThrow();
});

it.each<[Reach, string[], string]>([
  [[{ regions: ['eu-west-1', 'eu-west-2'] }], ['awsRegion'], 'its region must be eu-west-1 or eu-west-2'],
  [[{ tags: [voice] }], ['tags'], 'it needs the tag team:voice'],
  [[{ regions: ['us-east-1'], tags: [voice] }], ['tags'], 'it needs the tag team:voice'],
  [
    [{ regions: ['eu-west-1'], tags: [voice] }],
    ['awsRegion', 'tags'],
    'its region must be eu-west-1 and it needs the tag team:voice',
  ],
  [
    [{ regions: ['eu-west-1'] }, { tags: [voice] }],
    ['awsRegion', 'tags'],
    'its region must be eu-west-1, or it needs the tag team:voice',
  ],
  [[{ workerIds: ['w2'] }], ['id'], 'a scope of single workers takes in no other one'],
  [[{ regions: [] }], ['awsRegion'], 'its region must be none that there is'],
  [[], [], 'you may touch no worker at all'],
])('out of %j it says what is missing', (reach, members, words) => {
  expect(() => mustStayWithin(reach, worker, 'The worker')).toThrow(
    expect.objectContaining({
      ...{ code: 'scope-too-small', kind: 'forbidden', data: { members } },
      message: expect.stringContaining(`The worker would be out of your reach: ${words}.`) as string,
    }) as Error,
  );
});
