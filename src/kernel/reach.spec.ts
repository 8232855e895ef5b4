import { covers, FLEET, isPartOf, labsWithin, type Scope, withAllLabs } from './reach';

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

it('withAllLabs leaves out what is limited to some labs', () => {
  const whole = { workerIds: ['w1'] };
  expect(withAllLabs([whole, { workerIds: ['w2'], labIds: [] }])).toEqual([whole]);
  expect(withAllLabs(FLEET)).toBe(FLEET);
});

describe('isPartOf', () => {
  const eu = { regions: ['eu-west-1'] };

  it('goes by scopes: fewer of them are a part, and all is of the fleet', () => {
    expect(isPartOf([eu], [{ tags: [net] }, eu])).toBe(true);
    expect(isPartOf([{ tags: [net] }, eu], [eu])).toBe(false);
    expect(isPartOf([], [])).toBe(true);
    expect(isPartOf([eu], FLEET)).toBe(true);
    expect(isPartOf(FLEET, FLEET)).toBe(true);
    expect(isPartOf(FLEET, [{}])).toBe(false);
  });

  it('does not mind in which order the members of a scope are stored', () => {
    const scope = { regions: ['eu-west-1'], tags: [net] };
    const stored = { tags: [{ value: 'net', key: 'team' }], regions: ['eu-west-1'] };
    expect(isPartOf([scope], [stored])).toBe(true);
  });
});
