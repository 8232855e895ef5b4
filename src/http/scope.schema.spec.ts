import { givenScope, scopeView } from './scope.schema';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

describe('a scope that is given', () => {
  it('becomes what the fleet goes by, and is shown as it was given', () => {
    const given = { regions: ['us-east-1'], tags: ['course:routing', 'url:a:b', 'empty:'], workerIds: [ID] };
    const scope = givenScope.parse(given);
    expect(scope).toEqual({
      regions: ['us-east-1'],
      tags: [
        { key: 'course', value: 'routing' },
        { key: 'url', value: 'a:b' },
        { key: 'empty', value: '' },
      ],
      workerIds: [ID],
    });
    expect(scopeView(scope)).toEqual(given);
  });

  it('has no members but those that were given: a list that is there and undefined would be stored', () => {
    expect(Object.keys(givenScope.parse({ regions: ['us-east-1'], tags: undefined }))).toEqual(['regions']);
  });

  it.each([
    [{}, 'is empty: name regions, tags or workerIds; for the whole fleet leave scope out'],
    [
      { regions: undefined },
      'is empty: name regions, tags or workerIds; for the whole fleet leave scope out',
    ],
    [{ workerIds: [] }, 'would cover no worker: name at least one, or leave the list out'],
    [{ tags: [] }, 'would cover no worker: name at least one, or leave the list out'],
    [{ tags: ['course'] }, 'must be key:value'],
    [{ tags: [':routing'] }, 'must be key:value'],
    [{ regions: ['mars'] }, 'must be a region like us-east-1'],
  ])('is refused as %j', (given, message) => {
    expect(givenScope.safeParse(given).error?.issues).toEqual([expect.objectContaining({ message })]);
  });

  it.each([{ labIds: ['a'] }, { workerIds: ['x'] }, { all: true }])('is refused as %j', (given) => {
    expect(givenScope.safeParse(given).success).toBe(false);
  });
});
