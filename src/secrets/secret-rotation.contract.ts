import { ManualClock } from '../kernel/clocks';
import { SequentialIds } from '../kernel/ids';
import { Secret } from '../kernel/secret';
import { SealedSecretVault } from './sealed-secret-vault';
import { SecretCipher } from './secret-cipher';
import { SecretRotation } from './secret-rotation';
import { type SecretRows } from './secret-rows';

const OLDEST = { kid: 'k0', key: Buffer.alloc(32, 3) };
const OLD = { kid: 'k1', key: Buffer.alloc(32, 1) };
const NEW = { kid: 'k2', key: Buffer.alloc(32, 2) };
const RING = [NEW, OLD, OLDEST];
const AT = new Date('2027-01-05T08:00:00.000Z');

class Death extends Error {}

/** The same, but the process dies at one of its awaits: before the work of a step is done (odd counts), or after it. */
function mortal<T extends object>(target: T, step: { left: number }): T {
  const die = () => {
    step.left -= 1;
    if (step.left === 0) throw new Death();
  };
  return new Proxy(target, {
    get: (on, name) => {
      const member: unknown = Reflect.get(on, name, on);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        die();
        const result: unknown = await (member.bind(on) as (...given: unknown[]) => unknown)(...args);
        die();
        return result;
      };
    },
  });
}

/** What encrypting everything anew does over every kind of rows; `open` answers empty ones. */
export function secretRotationContract(kind: string, open: () => Promise<SecretRows>): void {
  describe(`the rotation over ${kind} rows`, () => {
    let rows: SecretRows;
    let ids: SequentialIds;
    let told: string[];
    beforeEach(async () => {
      [rows, ids, told] = [await open(), new SequentialIds(), []];
    });

    const vault = (...ring: (typeof OLD)[]) =>
      new SealedSecretVault(rows, new SecretCipher(ring), ids, new ManualClock(AT));
    const rotation = (
      given: Partial<{
        rows: SecretRows;
        ring: (typeof OLD)[];
        step: { left: number };
        dryRun: boolean;
      }> = {},
    ) => {
      const { ring = RING, step, dryRun = false } = given;
      const over = given.rows ?? rows;
      const cipher = new SecretCipher(ring);
      return new SecretRotation({
        rows: step ? mortal(over, step) : over,
        cipher: step ? mortal(cipher, step) : cipher,
        ...{ dryRun, onUnreadable: (ref: string) => void told.push(ref), progress: () => undefined },
      });
    };
    /** Secrets under three keys, and one of which nobody knows when it was put. */
    async function some() {
      const put = async (ring: typeof OLD, text: string) => {
        const { ref, fingerprint } = await vault(ring).put(new Secret(text));
        return { ref, fingerprint, text };
      };
      const all = [await put(OLD, 'a'), await put(OLDEST, 'b'), await put(NEW, 'c'), await put(OLD, 'd')];
      const sealed = await new SecretCipher([OLD]).seal('first-version', new Secret('e'));
      await rows.insert('first-version', { ...sealed, createdAt: null });
      return [...all, { ref: 'first-version', fingerprint: sealed.fingerprint, text: 'e' }];
    }
    /** Everything is there, under the first key, with the fingerprint and the time that it had. */
    async function expectRotated(secrets: Awaited<ReturnType<typeof some>>) {
      expect(await rows.countByKey()).toEqual(new Map([['k2', secrets.length]]));
      for (const { ref, fingerprint, text } of secrets) {
        expect((await vault(NEW).reveal(ref))?.reveal()).toBe(text);
        const createdAt = ref === 'first-version' ? null : AT;
        expect(await rows.find(ref)).toMatchObject({ fingerprint, kid: 'k2', createdAt });
      }
    }

    it('encrypts everything with the first key, keeps fingerprints and times, and has nothing left to do', async () => {
      const secrets = await some();
      expect(await rotation().run()).toEqual({
        ...{ rotated: 4, overtaken: 0, unreadable: 0, byKey: new Map([['k2', 5]]) },
      });
      await expectRotated(secrets);
      const before = await rows.find('first-version');
      expect(await rotation().run()).toMatchObject({ rotated: 0, byKey: new Map([['k2', 5]]) });
      expect(await rows.find('first-version')).toEqual(before);
    });

    it('only counts where it is to', async () => {
      await some();
      expect(await rotation({ dryRun: true }).run()).toEqual({
        ...{ rotated: 4, overtaken: 0, unreadable: 0 },
        byKey: new Map([
          ['k0', 1],
          ['k1', 3],
          ['k2', 1],
        ]),
      });
    });

    it('is finished by the next run, wherever the one before died', async () => {
      let deaths = 0;
      for (let death = 1; ; death += 1) {
        rows = await open();
        ids = new SequentialIds();
        const secrets = await some();
        try {
          await rotation({ step: { left: death } }).run();
          break;
        } catch (error) {
          if (!(error instanceof Death)) throw error;
        }
        deaths += 1;
        for (const { ref, text } of secrets) expect((await vault(...RING).reveal(ref))?.reveal()).toBe(text);
        await rotation().run();
        await expectRotated(secrets);
      }
      // each of 4 rows is opened, sealed and replaced; before and after that rows are counted, and looked for
      expect(deaths).toBe(2 * (4 * 3 + 3));
    });

    it('leaves what somebody wrote or removed meanwhile as it is', async () => {
      const [a, b] = (await some()) as unknown as [{ ref: string }, { ref: string }];
      const written = await new SecretCipher([OLD]).seal(a.ref, new Secret('changed'));
      const find = rows.notUnder.bind(rows);
      jest.spyOn(rows, 'notUnder').mockImplementationOnce(async (...args) => {
        const found = await find(...args);
        const read = await rows.find(a.ref);
        if (read) await rows.replace(a.ref, read, written);
        await rows.remove(b.ref);
        return found;
      });
      expect(await rotation().run()).toMatchObject({ rotated: 2, overtaken: 2 });
      expect((await vault(OLD).reveal(a.ref))?.reveal()).toBe('changed');
      expect(await rows.find(b.ref)).toBeNull();
      expect(await rotation().run()).toMatchObject({ rotated: 1, overtaken: 0 });
      expect((await vault(NEW).reveal(a.ref))?.reveal()).toBe('changed');
    });

    it('may run several times at once', async () => {
      const secrets = await some();
      const results = await Promise.all([1, 2, 3].map(() => rotation().run()));
      expect(results.reduce((sum, { rotated }) => sum + rotated, 0)).toBe(4);
      await expectRotated(secrets);
    });

    it('goes past what it cannot read, and tells it', async () => {
      const secrets = await some();
      const result = await rotation({ ring: [NEW, OLD] }).run();
      expect(result).toMatchObject({
        rotated: 3,
        unreadable: 1,
        byKey: new Map([
          ['k0', 1],
          ['k2', 4],
        ]),
      });
      expect(told).toEqual([secrets[1]?.ref]);
    });

    it('goes through more than it reads at once', async () => {
      for (let count = 0; count < 130; count += 1) await vault(OLD).put(new Secret(`s${count}`));
      expect(await rotation({ dryRun: true }).run()).toMatchObject({ rotated: 130 });
      expect(await rotation().run()).toMatchObject({ rotated: 130, byKey: new Map([['k2', 130]]) });
    });

    it('lists what was put before a time, and nothing of which that is not known', async () => {
      const secrets = await some();
      const known = secrets.map(({ ref }) => ref).filter((ref) => ref !== 'first-version');
      const later = new Date(AT.getTime() + 1);
      expect(await rows.putBefore(AT, '', 10)).toEqual([]);
      expect(await rows.putBefore(later, '', 10)).toEqual(known);
      expect(await rows.putBefore(later, known[1] ?? '', 1)).toEqual([known[2]]);
    });
  });
}
