import { SequentialIds } from '../kernel/ids';
import { Installation } from './installation';
import { memoryStore } from './testing/memory-store';

describe('Installation', () => {
  it('is the same for all replicas that start at once, and ever after', async () => {
    const { store } = memoryStore();
    const ids = new SequentialIds();
    const answers = await Promise.all([1, 2, 3].map(() => new Installation(store, ids).id()));
    expect(new Set(answers).size).toBe(1);
    expect(await new Installation(store, ids).id()).toBe(answers[0]);
    expect(await store.load('installation')).toHaveLength(1);
  });

  it('asks again after an error', async () => {
    const { store } = memoryStore();
    const installation = new Installation(store, new SequentialIds());
    jest.spyOn(store, 'load').mockRejectedValueOnce(new Error('away'));
    await expect(installation.id()).rejects.toThrow('away');
    expect(await installation.id()).toBe('00000000-0000-4000-8000-000000000001');
  });
});
