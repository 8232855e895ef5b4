import { errors, type JWTVerifyGetKey } from 'jose';
import { HOUR, plus, SECOND } from '../../kernel/clocks';
import { IssuerKeys } from './issuer-keys';

const NOW = new Date('2027-01-01T12:00:00.000Z');
const HEADER = { alg: 'ES256', kid: 'first' };
const TOKEN = { payload: '', signature: '' };

describe('the keys of an issuer, when the clock of the machine is set back', () => {
  const key = { type: 'public' } as Awaited<ReturnType<JWTVerifyGetKey>>;
  const load = jest.fn<Promise<JWTVerifyGetKey>, []>();
  let keys: IssuerKeys;
  beforeEach(() => {
    load.mockReset();
    keys = new IssuerKeys(load, () => undefined);
  });
  const keyAt = (now: Date) => keys.keyOf(HEADER, TOKEN, now);

  it('are loaded again after a failure, whose time lies ahead now', async () => {
    load.mockRejectedValueOnce(new Error('away'));
    await expect(keyAt(NOW)).rejects.toMatchObject({ code: 'identity-unavailable' });
    load.mockResolvedValue(() => Promise.resolve(key));
    expect(await keyAt(plus(NOW, -HOUR))).toBe(key);
  });

  it('have the issuer asked no more often than before, and nobody told to wait for longer', async () => {
    load.mockRejectedValue(new Error('away'));
    const refused = (retryAfterSeconds: number) => ({ code: 'identity-unavailable', retryAfterSeconds });
    await expect(keyAt(NOW)).rejects.toMatchObject(refused(10));
    const early = plus(NOW, -HOUR);
    await expect(keyAt(early)).rejects.toMatchObject(refused(10));
    await expect(keyAt(plus(early, 4 * SECOND))).rejects.toMatchObject(refused(6));
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('are loaded again before one is taken: it may have been withdrawn long ago', async () => {
    load.mockResolvedValueOnce(() => Promise.resolve(key));
    expect(await keyAt(NOW)).toBe(key);
    load.mockResolvedValue(() => Promise.reject(new errors.JWKSNoMatchingKey()));
    await expect(keyAt(plus(NOW, -HOUR))).rejects.toThrow(errors.JWKSNoMatchingKey);
  });
});
