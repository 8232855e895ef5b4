import { MINUTE, plus } from '../../kernel/clocks';
import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';

describe('the sweep of reservations', () => {
  it('comes to one that nobody uses, however many that are in use are older', async () => {
    const { repository, reservations, clock } = memoryWorkers();
    const command = commandsOf();
    for (let count = 0; count < 250; count += 1) {
      await repository.add(aNewWorker(`w${count}`, { createdAt: clock.now() }), command());
    }
    clock.advance(MINUTE);
    await reservations.take('name:nobody', 'worker-nobody', 1);
    clock.advance(MINUTE);
    const sweep = async () => {
      clock.advance(10 * MINUTE);
      return repository.sweepReservations(plus(clock.now(), -10 * MINUTE));
    };
    expect([await sweep(), await sweep()]).toEqual([0, 1]);
    expect(await reservations.holder('name:nobody')).toBeNull();
    expect(await reservations.holder('name:worker-w0')).toBe('worker-w0');
    expect(await reservations.holder('name:worker-w249')).toBe('worker-w249');
  });
});

it('names no worker where something else holds the key, as the end of an orphan does', async () => {
  const { repository, reservations, clock } = memoryWorkers();
  await reservations.take('name:lab', 'orphan-o-1', 1);
  const adding = repository.add(aNewWorker('w-1', { name: 'lab', createdAt: clock.now() }), commandsOf()());
  await expect(adding).rejects.toMatchObject({ code: 'already-exists', workerId: null });
});
