import { NOW, REGION } from '../testing/orphans.builder';
import { OrphanCase } from './orphan-case';
import { OrphanAdopted, OrphanTerminated, OrphanTerminationRequested } from './orphan-events';

const place = { kind: 'volume', awsRegion: REGION, resourceId: 'vol-1' } as const;

it('tells who wanted it to end, and that it did', () => {
  const orphan = OrphanCase.open('o-1');
  orphan.terminationRequested(place, 'user:ann', NOW);
  expect(orphan.state).toMatchObject({ place, outcome: null, requestedAt: NOW, by: 'user:ann' });
  orphan.terminated(place, 'user:ann', NOW);
  expect(orphan.uncommitted).toEqual([
    new OrphanTerminationRequested('o-1', { ...place, requestedAt: NOW, requestedBy: 'user:ann' }),
    new OrphanTerminated('o-1', { ...place, terminatedAt: NOW, terminatedBy: 'user:ann' }),
  ]);
  expect(orphan.state).toMatchObject({ outcome: 'terminated', requestedAt: null, at: NOW });
});

it('tells who adopted it as what, also when it was left over before', () => {
  const before = [new OrphanTerminated('o-1', { ...place, terminatedAt: NOW, terminatedBy: 'user:ann' })];
  const orphan = OrphanCase.restore('o-1', before);
  orphan.adopted(place, 'w-1', 'user:bob', NOW);
  expect(orphan.uncommitted).toEqual([
    new OrphanAdopted('o-1', { ...place, workerId: 'w-1', adoptedAt: NOW, adoptedBy: 'user:bob' }),
  ]);
  expect(orphan.state).toEqual({
    ...{ place, outcome: 'adopted', workerId: 'w-1', requestedAt: null, at: NOW, by: 'user:bob' },
  });
});
