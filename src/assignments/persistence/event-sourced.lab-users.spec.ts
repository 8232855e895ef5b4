import { memoryAggregates } from '../../event-store/testing/memory-aggregates';
import { type CommandContext } from '../../kernel/command-context';
import { ANN, anAssignment, NOW } from '../testing/assignment.builder';
import { QuotaExceeded } from '../domain/assignment-errors';
import { LAB_USER_EVENTS } from '../domain/lab-user-events';
import { LAB_USER_DEFINITION } from './definitions';
import { EventSourcedLabUsers, labUserId } from './event-sourced.lab-users';

const command = (commandId: string): CommandContext => ({
  ...{ actor: 'api-key:admin', reason: null, correlationId: 'c', causationId: null, commandId },
});

describe('users by their streams', () => {
  const { stores } = memoryAggregates(LAB_USER_EVENTS, NOW);
  const open = () => new EventSourcedLabUsers(stores.open(LAB_USER_DEFINITION));
  const grant = (index: number, userId = ANN, commandId = `grant ${userId} ${index}`) =>
    open().change(userId, command(commandId), (user) =>
      user.grant(userId, anAssignment({ id: `a-${index}`, workerId: `w-${index}` }), 2),
    );

  it('get no more than the quota from five who grant at once, though nobody knew the user before', async () => {
    const granted = await Promise.allSettled([1, 2, 3, 4, 5].map((index) => grant(index)));
    const refused = granted.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toEqual([1, 2, 3].map(() => expect.any(QuotaExceeded) as unknown));
    expect((await open().get(ANN)).state.assignments).toHaveLength(2);
  });

  it('find what the same command did before', async () => {
    const [first, second] = await Promise.all([grant(1, 'user:bob', 'same'), grant(1, 'user:bob', 'same')]);
    expect(first.state).toEqual(second.state);
    expect((await open().get('user:bob')).version).toBe(1);
  });

  it('are unknown until something happens to them, and then named', async () => {
    const nobody = await open().get('user:eve');
    expect([nobody.id, nobody.version, nobody.state.userId]).toEqual([labUserId('user:eve'), 0, null]);
    await open().change('user:eve', command('nothing'), () => undefined);
    expect((await open().get('user:eve')).version).toBe(0);
    await open().change('user:eve', command('quota'), (user) => user.setQuota('user:eve', 0, NOW));
    expect((await open().get('user:eve')).state).toMatchObject({ userId: 'user:eve', quota: 0 });
  });
});
