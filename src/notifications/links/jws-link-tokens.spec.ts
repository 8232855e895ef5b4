import { createHmac } from 'node:crypto';
import { base64url, decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { derivedKey } from '../../event-store';
import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type LinkPurpose, type NoticeLink } from '../domain/notice-link';
import { START } from '../testing/notices-bench';
import { JwsLinkTokens } from './jws-link-tokens';

const OLD = { kid: 'k1', key: Buffer.alloc(32, 1) };
const NEW = { kid: 'k2', key: Buffer.alloc(32, 2) };
const LINK: NoticeLink = {
  ...{ id: 'l-1', noticeId: 'n-1', workerId: 'w-1', purpose: 'keep-1h' },
  ...{ deadline: plus(START, HOUR), expiresAt: plus(START, HOUR + 15 * MINUTE) },
};
const tokensOf = (ring = [OLD], installation = 'i-1') =>
  new JwsLinkTokens(ring, { id: () => Promise.resolve(installation) });
const read = (token: string, now = START) => tokensOf().read(token, now);
const FORGED = { kind: 'forged' };

/** Signed with our very key, but for what is stated. */
const signed = (
  claims: object,
  header: object = {},
  key = derivedKey(OLD.key, 'cml-fleet notice links v1'),
) => {
  const exp = Math.floor(LINK.expiresAt.getTime() / SECOND);
  const deadline = Math.floor(LINK.deadline.getTime() / SECOND);
  const usual = { iss: 'i-1', sub: 'w-1', jti: 'l-1', notice: 'n-1', purpose: 'keep-1h', deadline, exp };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'notice-link+jwt', kid: 'k1', ...header })
    .sign(new Uint8Array(key));
};

describe('the token of a link', () => {
  it('gives back what was signed', async () => {
    const token = await tokensOf().sign(LINK);
    expect(await read(token)).toEqual({ kind: 'good', link: LINK });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'notice-link+jwt', kid: 'k1' });
    expect(decodeJwt(token)).toMatchObject({ iss: 'i-1', sub: 'w-1', jti: 'l-1', purpose: 'keep-1h' });
    expect(token.length).toBeLessThan(700);
  });

  it('is the same for the same link, so that a repeated notice has the same bytes', async () => {
    expect(await tokensOf().sign(LINK)).toBe(await tokensOf().sign(LINK));
  });

  it('is good up to its end, by the time that is given', async () => {
    const token = await tokensOf().sign(LINK);
    expect(await read(token, plus(LINK.expiresAt, -SECOND))).toMatchObject({ kind: 'good' });
    expect(await read(token, LINK.expiresAt)).toEqual({ kind: 'expired' });
  });

  it('outlives a new key before the one that signed it, and ends with that one', async () => {
    const token = await tokensOf([OLD]).sign(LINK);
    expect(await tokensOf([NEW, OLD]).read(token, START)).toMatchObject({ kind: 'good' });
    expect(await tokensOf([NEW]).read(token, START)).toEqual(FORGED);
    expect(decodeProtectedHeader(await tokensOf([NEW, OLD]).sign(LINK)).kid).toBe('k2');
  });

  it('is of no use to another installation', async () => {
    const token = await tokensOf().sign(LINK);
    expect(await tokensOf([OLD], 'i-2').read(token, START)).toEqual(FORGED);
  });

  it('is refused with any one of its signs changed', async () => {
    const token = await tokensOf().sign(LINK);
    const kinds = new Set<string>();
    for (let at = 0; at < token.length - 1; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      kinds.add((await read(`${token.slice(0, at)}${other}${token.slice(at + 1)}`)).kind);
    }
    expect([...kinds]).toEqual(['forged']);
  });

  it('is refused with another purpose, worker or end put in', async () => {
    const token = await tokensOf().sign(LINK);
    const [header, , signature] = token.split('.');
    const claims = decodeJwt(token);
    for (const change of [{ purpose: 'stop-now' }, { sub: 'w-2' }, { exp: 9_999_999_999 }]) {
      const changed = base64url.encode(JSON.stringify({ ...claims, ...change }));
      expect(await read(`${header}.${changed}.${signature}`)).toEqual(FORGED);
    }
  });

  it.each<[string, () => Promise<string>]>([
    ['without a signature', async () => (await signed({})).replace(/[^.]+$/, '')],
    ['of no algorithm', () => Promise.resolve(plain({ alg: 'none', typ: 'notice-link+jwt', kid: 'k1' }))],
    ['of another algorithm, by our very key', () => signed({}, { alg: 'HS512' })],
    ['of another type', () => signed({}, { typ: 'JWT' })],
    ['without a type', () => signed({}, { typ: undefined })],
    ['of a key that nobody has', () => signed({}, { kid: 'k9' })],
    ['without the name of a key', () => signed({}, { kid: undefined })],
    ['signed with the key of the ring itself', () => signed({}, {}, OLD.key)],
    ['signed with the key of another purpose', () => signed({}, {}, derivedKey(OLD.key, 'cml-fleet log v1'))],
    ['for what no link is good for', () => signed({ purpose: 'terminate' as LinkPurpose })],
    ['without a purpose', () => signed({ purpose: undefined })],
    ['without an end', () => signed({ exp: undefined })],
    ['without an id', () => signed({ jti: undefined })],
    ['of no text', () => signed({ notice: 7 })],
    ['that is none', () => Promise.resolve('no token at all')],
    ['that is empty', () => Promise.resolve('')],
    ['that is far too long', async () => `${await signed({ more: 'x'.repeat(3_000) })}`],
  ])('%s is refused', async (_what, make) => {
    expect(await read(await make())).toEqual(FORGED);
  });

  it('would be taken as the cases above make it, but for what they state', async () => {
    expect(await read(await signed({}))).toEqual({ kind: 'good', link: LINK });
  });
});

function plain(header: object): string {
  const parts = [header, { sub: 'w-1' }].map((part) => base64url.encode(JSON.stringify(part)));
  return `${parts.join('.')}.${createHmac('sha256', '').update('').digest('base64url')}`;
}
