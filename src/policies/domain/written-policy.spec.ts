import { newPolicy } from '../testing/policy.builder';
import { fits } from './policy-details';
import { PolicyNotFound } from './policy-errors';
import { type PolicyEvent } from './policy-events';
import { WrittenPolicy } from './written-policy';

const LATER = new Date('2027-01-01T13:00:00.000Z');

/** Loaded again after what was done to it. */
function stored(policy: WrittenPolicy): WrittenPolicy {
  const from = { state: policy.state, version: policy.version + policy.uncommitted.length };
  return WrittenPolicy.restore(policy.id, [], from);
}
const typesOf = ({ uncommitted }: WrittenPolicy) => uncommitted.map(({ type }: PolicyEvent) => type);

describe('a written policy', () => {
  const created = () => stored(WrittenPolicy.create('p-1', newPolicy({ values: { dryRun: true, a: 1 } })));

  it('tells with each change all that is written, and what is another', () => {
    const policy = created();
    policy.replace(newPolicy({ values: { dryRun: false, b: [2] }, priority: 1, createdAt: LATER }));
    expect(policy.uncommitted.map(({ data }) => data)).toEqual([
      {
        ...{ name: 'courses', description: '', selector: null, priority: 1, fleetRules: {} },
        values: { dryRun: false, b: [2] },
        changed: ['/priority', '/values/a', '/values/b', '/values/dryRun'],
        updatedAt: LATER,
      },
    ]);
    expect(policy.state).toMatchObject({
      createdAt: newPolicy().createdAt,
      updatedAt: LATER,
      deletedAt: null,
    });
    expect(policy.state).not.toHaveProperty('changed');
  });

  it('does not change where the same is written', () => {
    const policy = created();
    policy.replace(newPolicy({ values: { a: 1, dryRun: true }, createdAt: LATER }));
    expect(policy.uncommitted).toEqual([]);
  });

  it('is deleted once; a named one for good, a worker begins its own anew', () => {
    const named = created();
    named.delete(LATER);
    named.delete(LATER);
    expect(typesOf(named)).toEqual(['idle-policy.deleted']);
    expect(() => stored(named).replace(newPolicy())).toThrow(PolicyNotFound);
    const own = newPolicy({ scope: 'worker', workerId: 'w-1' });
    const policy = stored(WrittenPolicy.create('worker-w-1', own));
    policy.delete(LATER);
    policy.replace(own);
    expect(typesOf(policy)).toEqual(['idle-policy.deleted', 'idle-policy.created']);
    expect(policy.isDeleted).toBe(false);
  });

  it('must not mean all workers by a selector', () => {
    const selector = { tags: {}, regions: [] };
    expect(() => WrittenPolicy.create('p-1', newPolicy({ selector }))).toThrow('/selector');
    expect(() => created().replace(newPolicy({ selector }))).toThrow('/selector');
  });

  it.each([
    [{ use: 'course' }, [], true],
    [{ use: 'course', team: 'a' }, [], true],
    [{ use: 'course', team: 'b' }, [], false],
    [{ constructor: 'x' }, [], false],
    [{}, ['eu-west-1', 'us-east-1'], true],
    [{ use: 'course' }, ['eu-west-1'], false],
  ])('with the selector %j %j fits a worker: %s', (tags, regions, expected) => {
    const worker = { awsRegion: 'us-east-1', tags: { use: 'course', team: 'a' } };
    expect(fits({ tags, regions }, worker)).toBe(expected);
  });
});
