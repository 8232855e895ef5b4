import { HOUR, ManualClock } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { SequentialIds } from '../kernel/ids';
import { Secret } from '../kernel/secret';
import { MemorySecretRows } from './memory-secret-rows';
import { SealedSecretVault } from './sealed-secret-vault';
import { SecretCipher } from './secret-cipher';
import { SecretHolders } from './secret-holders';
import { SecretSweep } from './secret-sweep';

const RING = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];

function bench(expected = ['webhooks', 'workers']) {
  const clock = new ManualClock(new Date('2027-01-05T08:00:00.000Z'));
  const rows = new MemorySecretRows();
  const cipher = new SecretCipher(RING);
  const vault = new SealedSecretVault(rows, cipher, new SequentialIds(), clock);
  const holders = new SecretHolders(expected);
  const sweep = new SecretSweep(rows, holders, clock);
  return {
    ...{ clock, rows, cipher, vault, holders, sweep },
    put: async () => (await vault.put(new Secret('x'))).ref,
    holder: (name: string, ...held: string[]) =>
      holders.add({ name, heldOf: (refs) => Promise.resolve(held.filter((ref) => refs.includes(ref))) }),
    left: async (...refs: string[]) => (await Promise.all(refs.map((ref) => rows.find(ref)))).map(Boolean),
  };
}

describe('the sweep of secrets', () => {
  it('removes what nobody refers to once it is a day old', async () => {
    const { put, holder, sweep, clock, left } = bench();
    const [webhooks, workers, unused] = [await put(), await put(), await put()];
    holder('webhooks', webhooks);
    holder('workers', workers);
    clock.advance(24 * HOUR);
    expect(await sweep.run()).toBe(0);
    clock.advance(1);
    const young = await put();
    expect(await sweep.run()).toBe(1);
    expect(await left(webhooks, workers, unused, young)).toEqual([true, true, false, true]);
  });

  it('leaves alone what an earlier version put', async () => {
    const { rows, cipher, holder, sweep, clock, left } = bench(['workers']);
    await rows.insert('early', { ...(await cipher.seal('early', new Secret('x'))), createdAt: null });
    holder('workers');
    clock.advance(1_000 * HOUR);
    expect(await sweep.run()).toBe(0);
    expect(await left('early')).toEqual([true]);
  });

  it('removes nothing while a holder cannot answer', async () => {
    const { put, holder, holders, sweep, clock, left } = bench();
    const unused = await put();
    clock.advance(25 * HOUR);
    holder('webhooks');
    await expect(sweep.run()).rejects.toThrow('nobody can ask for refs of secrets: workers');
    let isAway = true;
    holders.add({
      name: 'workers',
      heldOf: () => (isAway ? Promise.reject(new StoreUnavailable('away')) : Promise.resolve([])),
    });
    await expect(sweep.run()).rejects.toThrow(StoreUnavailable);
    expect(await left(unused)).toEqual([true]);
    isAway = false;
    expect(await sweep.run()).toBe(1);
  });

  it('goes through more than it reads at once', async () => {
    const { put, holder, sweep, clock } = bench(['workers']);
    const refs: string[] = [];
    for (let count = 0; count < 700; count += 1) refs.push(await put());
    holder('workers', ...refs.slice(0, 400));
    clock.advance(25 * HOUR);
    expect(await sweep.run()).toBe(300);
    expect(await sweep.run()).toBe(0);
  });

  it('takes each holder once, and only those that are expected', () => {
    const { holder } = bench();
    holder('workers');
    expect(() => holder('workers')).toThrow(RangeError);
    expect(() => holder('others')).toThrow(RangeError);
  });
});
