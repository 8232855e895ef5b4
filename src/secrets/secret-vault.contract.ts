import { ManualClock } from '../kernel/clocks';
import { SequentialIds } from '../kernel/ids';
import { Secret } from '../kernel/secret';
import { SealedSecretVault } from './sealed-secret-vault';
import { SecretCipher } from './secret-cipher';
import { type SecretRows } from './secret-rows';
import { SecretUnreadable } from './secret-vault';

const OLD = { kid: 'old', key: Buffer.alloc(32, 1) };
const PUT_AT = new Date('2027-01-05T08:00:00.000Z');
const NEW = { kid: 'new', key: Buffer.alloc(32, 2) };

/** What a vault does over every kind of rows; `open` answers empty ones. */
export function secretVaultContract(kind: string, open: () => Promise<SecretRows>): void {
  describe(`the vault over ${kind} rows`, () => {
    let rows: SecretRows;
    let ids: SequentialIds;
    beforeEach(async () => {
      [rows, ids] = [await open(), new SequentialIds()];
    });
    const vault = (...ring: (typeof OLD)[]) =>
      new SealedSecretVault(rows, new SecretCipher(ring), ids, new ManualClock(PUT_AT));

    it('reveals what was put into it, until it is removed', async () => {
      const { ref } = await vault(OLD).put(new Secret('open sesame ü'));
      expect((await vault(OLD).reveal(ref))?.reveal()).toBe('open sesame ü');
      await vault(OLD).remove(ref);
      await vault(OLD).remove(ref);
      expect(await vault(OLD).reveal(ref)).toBeNull();
    });

    it('keeps nothing that could be read, and a fingerprint that is the same for the same secret', async () => {
      const [first, second, other] = [
        await vault(OLD).put(new Secret('sesame')),
        await vault(OLD).put(new Secret('sesame')),
        await vault(OLD).put(new Secret('sesamf')),
      ];
      const [one, two] = [await rows.find(first.ref), await rows.find(second.ref)];
      expect(one).toEqual({
        jwe: expect.stringMatching(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/) as string,
        kid: 'old',
        fingerprint: first.fingerprint,
        createdAt: PUT_AT,
      });
      expect(JSON.stringify(one)).not.toContain('sesame');
      expect(one?.jwe).not.toBe(two?.jwe);
      expect(first.fingerprint).toMatch(/^[0-9a-f]{12}$/);
      expect([second.fingerprint, other.fingerprint === first.fingerprint]).toEqual([
        first.fingerprint,
        false,
      ]);
      expect((await vault(NEW).put(new Secret('sesame'))).fingerprint).not.toBe(first.fingerprint);
    });

    it('knows a value again under whatever key it was put, and no other', async () => {
      const { ref } = await vault(OLD).put(new Secret('sesame ü'));
      const asked = (value: string, of = ref) => vault(NEW, OLD).holds(of, new Secret(value));
      expect(await Promise.all([asked('sesame ü'), asked('sesame u'), asked('sesame'), asked('')])).toEqual([
        ...[true, false, false, false],
      ]);
      expect(await asked('sesame ü', 'nowhere')).toBe(false);
      await expect(vault(NEW).holds(ref, new Secret('sesame ü'))).rejects.toThrow(SecretUnreadable);
    });

    it('encrypts with the first key of the ring and decrypts with all', async () => {
      const { ref } = await vault(OLD).put(new Secret('sesame'));
      expect((await vault(NEW, OLD).reveal(ref))?.reveal()).toBe('sesame');
      const { ref: later } = await vault(NEW, OLD).put(new Secret('sesame'));
      expect((await rows.find(later))?.kid).toBe('new');
    });

    it('names the key that left the ring', async () => {
      const { ref } = await vault(OLD).put(new Secret('sesame'));
      await expect(vault(NEW).reveal(ref)).rejects.toThrow(/"old", which FLEET_SECRETS_KEYS does not hold/);
      await expect(vault(NEW).reveal(ref)).rejects.toThrow(SecretUnreadable);
    });

    it('does not take another row, or a changed one, for a secret', async () => {
      const { ref } = await vault(OLD).put(new Secret('sesame'));
      const row = await rows.find(ref);
      if (!row) throw new Error('it is not there');
      await rows.insert('swapped', row);
      await expect(vault(OLD).reveal('swapped')).rejects.toThrow('is another one');
      const last = row.jwe.endsWith('AA') ? 'BA' : 'AA';
      await rows.insert('changed', { ...row, jwe: `${row.jwe.slice(0, -2)}${last}` });
      await expect(vault(OLD).reveal('changed')).rejects.toThrow('is not what was stored');
      await rows.insert('renamed', { ...row, kid: 'new' });
      await expect(vault(OLD, NEW).reveal('renamed')).rejects.toThrow('is not what was stored');
    });
  });
}
