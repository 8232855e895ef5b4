import { covers, FLEET, labsWithin, type Scope } from './reach';

const worker = { id: 'w1', awsRegion: 'us-east-1', tags: { team: 'net', course: 'ccnp' } };
const net = { key: 'team', value: 'net' };

describe('covers', () => {
  it.each<[string, Scope, boolean]>([
    ['no list', {}, true],
    ['its region', { regions: ['eu-west-1', 'us-east-1'] }, true],
    ['another region', { regions: ['eu-west-1'] }, false],
    ['one of its tags', { tags: [{ key: 'team', value: 'voice' }, net] }, true],
    ['its tag with another value', { tags: [{ key: 'team', value: 'voice' }] }, false],
    ['a name that every object has', { tags: [{ key: 'constructor', value: 'net' }] }, false],
    ['its id', { workerIds: ['w1'] }, true],
    ['an empty list', { workerIds: [] }, false],
    [
      'its region, and a tag that it lacks',
      { regions: ['us-east-1'], tags: [{ key: 'a', value: 'b' }] },
      false,
    ],
    ['some of its labs', { workerIds: ['w1'], labIds: ['l1'] }, true],
  ])('a scope with %s', (_, scope, covered) => {
    expect(covers([scope], worker)).toBe(covered);
  });

  it('what any scope covers, and all with the fleet', () => {
    expect(covers([{ workerIds: ['w2'] }, { tags: [net] }], worker)).toBe(true);
    expect(covers([], worker)).toBe(false);
    expect(covers(FLEET, worker)).toBe(true);
  });
});

describe('labsWithin', () => {
  const lab = (...labIds: string[]): Scope => ({ workerIds: ['w1'], labIds });

  it('takes the labs of all scopes that cover the worker together', () => {
    expect(labsWithin([lab('l1'), lab('l2'), { workerIds: ['w2'], labIds: ['l3'] }], worker)).toEqual(
      new Set(['l1', 'l2']),
    );
  });

  it('is all where one scope names no labs', () => {
    expect(labsWithin([lab('l1'), { tags: [net] }], worker)).toBe('all');
    expect(labsWithin(FLEET, worker)).toBe('all');
  });

  it('is none where the worker is out of reach', () => {
    expect(labsWithin([{ workerIds: ['w2'] }], worker)).toEqual(new Set());
  });
});
