import { createSign, generateKeyPairSync } from 'node:crypto';
import { type CryptoKey, exportSPKI, importJWK, type JWK, SignJWT } from 'jose';
import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import {
  AUDIENCE,
  DISCOVERY,
  json,
  KEYS,
  silence,
  startTestIssuer,
  type TestIssuer,
} from '../testing/test-issuer';
import { Documents } from './documents';
import { IssuerDocuments } from './issuer-documents';
import { IssuerKeys } from './issuer-keys';
import { JoseAccessTokens } from './jose-access-tokens';

const NOW = new Date('2027-01-01T12:00:00.000Z');
const secondsOf = (time: Date) => Math.floor(time.getTime() / SECOND);
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens of an issuer', () => {
  let issuer: TestIssuer;
  let documents: Documents;
  let reported: unknown[];
  beforeEach(async () => {
    issuer = await startTestIssuer();
    documents = new Documents({ local: true, timeoutMs: 200 });
    reported = [];
  });
  afterEach(async () => {
    await documents.close();
    await issuer.close();
  });

  function tokensOf(place: { issuer?: string; jwksUri?: string } = {}): JoseAccessTokens {
    const rules = {
      ...{ issuer: issuer.url, audience: AUDIENCE, algorithms: ['RS256', 'ES256'] },
      claims: { name: 'preferred_username', groups: 'groups' },
      ...place,
    };
    const published = new IssuerDocuments({ jwksUri: null, ...rules }, documents);
    const report = (error: unknown) => void reported.push(error);
    return new JoseAccessTokens(rules, new IssuerKeys(() => published.keys(), report), report);
  }
  const answered = () => issuer.asked.filter((path) => path === KEYS).length;

  it('tell who somebody is, and which groups he is in', async () => {
    const token = await issuer.token(NOW, { preferred_username: 'Ann A.', groups: ['ops', 'lab'] });
    expect(await tokensOf().personOf(token, NOW)).toEqual({
      ...{ subject: 'ann', name: 'Ann A.', groups: ['ops', 'lab'] },
      expiresAt: plus(NOW, 5 * MINUTE + 30 * SECOND),
    });
  });

  it('are taken with one of several audiences, and without an iat', async () => {
    const token = await issuer.token(NOW, { aud: ['other', AUDIENCE], iat: undefined });
    expect(await tokensOf().personOf(token, NOW)).toMatchObject({ subject: 'ann' });
  });

  describe('are refused', () => {
    const at = secondsOf(NOW);
    it.each([
      ['for another audience', { aud: 'other' }],
      ['for other audiences', { aud: ['other', 'another'] }],
      ['without an audience', { aud: undefined }],
      ['of another issuer', { iss: 'https://login.example.com' }],
      ['without an issuer', { iss: undefined }],
      ['without a subject', { sub: undefined }],
      ['with a subject that breaks lines', { sub: 'ann\nadmin' }],
      ['with a subject that is no text', { sub: 7 as unknown as string }],
      ['expired', { exp: at - 30 }],
      ['without an end', { exp: undefined }],
      ['with an end that is no number', { exp: `${at + 300}` as unknown as number }],
      ['before they are valid', { nbf: at + 31 }],
      ['that were issued in the future', { iat: at + 31 }],
      ['with a time of issue that is no number', { iat: 'now' as unknown as number }],
    ])('%s', async (_what, claims) => {
      expect(await tokensOf().personOf(await issuer.token(NOW, claims), NOW)).toBeNull();
    });

    it('with a signature that is not the key’s', async () => {
      const forger = await issuer.newKey('first');
      expect(await tokensOf().personOf(await issuer.token(NOW, {}, { key: forger }), NOW)).toBeNull();
    });

    it('with claims that were changed', async () => {
      const [header, , signature] = (await issuer.token(NOW)).split('.');
      const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'eve', exp: at + 300 };
      expect(await tokensOf().personOf([header, base64(claims), signature].join('.'), NOW)).toBeNull();
    });

    it('with an algorithm that is not on the list, though the key is good', async () => {
      const key = await issuer.newKey('second', 'ES384');
      issuer.keys = [...issuer.keys, key.jwk];
      expect(await tokensOf().personOf(await issuer.token(NOW, {}, { key }), NOW)).toBeNull();
      expect(issuer.asked).toEqual([]);
    });

    it('unsigned', async () => {
      const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'eve', exp: at + 300 };
      for (const alg of ['none', 'None', '']) {
        const token = `${base64({ alg, typ: 'at+jwt' })}.${base64(claims)}.`;
        expect(await tokensOf().personOf(token, NOW)).toBeNull();
        expect(await tokensOf().personOf(`${token}AAAA`, NOW)).toBeNull();
      }
    });

    it('signed by HS256 with the public key as the secret', async () => {
      const key = await issuer.newKey('rsa', 'RS256');
      issuer.keys = [key.jwk];
      const pem = await exportSPKI((await importJWK(key.jwk, 'RS256', { extractable: true })) as CryptoKey);
      const token = await new SignJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'eve', exp: at + 300 })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'rsa' })
        .sign(Buffer.from(pem));
      expect(await tokensOf().personOf(token, NOW)).toBeNull();
    });

    it('signed by an RSA key that is too short, which is told once it is seen', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      issuer.keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256' }];
      const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'eve', exp: at + 300 };
      const signed = `${base64({ alg: 'RS256', typ: 'at+jwt', kid: 'short' })}.${base64(claims)}`;
      const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url');
      expect(await tokensOf().personOf(`${signed}.${signature}`, NOW)).toBeNull();
      expect(reported).toHaveLength(1);
      expect(String(reported)).toContain('2048');
    });

    it('by a key that the issuer publishes broken, which is told once it is seen', async () => {
      issuer.keys = issuer.keys.map((jwk) => ({ ...jwk, x: jwk.y }));
      expect(await tokensOf().personOf(await issuer.token(NOW), NOW)).toBeNull();
      expect(reported).toHaveLength(1);
    });

    it.each(['a.b.c', '..', `${base64({})}.${base64({})}.`, `${base64([])}.x.y`, 'e30.bnVsbA.x'])(
      'as nonsense: %s',
      async (token) => {
        expect(await tokensOf().personOf(token, NOW)).toBeNull();
        expect(issuer.asked).toEqual([]);
      },
    );
  });

  it('are good within 30 s of their times by a clock that differs', async () => {
    const at = secondsOf(NOW);
    const tokens = tokensOf();
    const early = await issuer.token(NOW, { nbf: at + 30, iat: at + 30 });
    const late = await issuer.token(NOW, { exp: at - 29 });
    expect(await tokens.personOf(early, NOW)).not.toBeNull();
    expect(await tokens.personOf(late, NOW)).not.toBeNull();
  });

  it('are held against a key set at a place of its own, without a discovery', async () => {
    issuer.answers.set(DISCOVERY, silence);
    issuer.answers.set('/elsewhere', json(200, { keys: issuer.keys }));
    const tokens = tokensOf({ jwksUri: `${issuer.url}/elsewhere` });
    expect(await tokens.personOf(await issuer.token(NOW), NOW)).not.toBeNull();
    expect(issuer.asked).toEqual(['/elsewhere']);
  });

  it('need no kid while there is one key that fits, and are refused without one when there are two', async () => {
    const token = await issuer.token(NOW, {}, { kid: null });
    expect(await tokensOf().personOf(token, NOW)).not.toBeNull();
    issuer.keys = [...issuer.keys, (await issuer.newKey('second')).jwk];
    expect(await tokensOf().personOf(token, NOW)).toBeNull();
  });

  describe('when keys change', () => {
    it('are taken with a new key as soon as it is published, and with the old one while it is', async () => {
      const tokens = tokensOf();
      const old = await issuer.token(NOW);
      expect(await tokens.personOf(old, NOW)).not.toBeNull();
      const second = await issuer.newKey('second');
      issuer.keys = [...issuer.keys, second.jwk];
      const later = plus(NOW, 10 * SECOND);
      expect(await tokens.personOf(await issuer.token(NOW, {}, { key: second }), later)).not.toBeNull();
      expect(await tokens.personOf(old, later)).not.toBeNull();
      expect(answered()).toBe(2);
    });

    it('are refused ten minutes after their key was withdrawn, without a token of another one', async () => {
      const tokens = tokensOf();
      expect(await tokens.personOf(await issuer.token(NOW), NOW)).not.toBeNull();
      const later = plus(NOW, 10 * MINUTE);
      const token = await issuer.token(later);
      issuer.keys = [(await issuer.newKey('second')).jwk];
      expect(await tokens.personOf(token, later)).toBeNull();
    });

    it('do not have the issuer asked more than once in ten seconds, whatever kid they name', async () => {
      const tokens = tokensOf();
      const unknown = await Promise.all(
        Array.from({ length: 20 }, (_, index) => issuer.token(NOW, {}, { kid: `made-up-${index}` })),
      );
      const people = await Promise.all(unknown.map((token) => tokens.personOf(token, NOW)));
      expect(new Set(people)).toEqual(new Set([null]));
      expect(answered()).toBe(1);
      await tokens.personOf(unknown[0] ?? '', plus(NOW, 9 * SECOND));
      expect(answered()).toBe(1);
      await tokens.personOf(unknown[0] ?? '', plus(NOW, 10 * SECOND));
      expect(answered()).toBe(2);
    });
  });

  describe('while the issuer does not answer as it should', () => {
    type Answer = () => ReturnType<typeof json>;
    const keys = () => ({ keys: issuer.keys });
    const discovery = (place: object) =>
      json(200, { issuer: issuer.url, jwks_uri: issuer.url + KEYS, ...place });
    const FAULTS: readonly (readonly [string, string, Answer])[] = [
      ['hangs', KEYS, () => silence],
      ['hangs at its discovery', DISCOVERY, () => silence],
      ['answers 500', KEYS, () => json(500, keys())],
      ['sends elsewhere', KEYS, () => json(302, keys(), { location: 'http://localhost:1/keys' })],
      ['sends to another path of its own', KEYS, () => json(307, keys(), { location: '/other' })],
      ['answers too much', KEYS, () => json(200, { ...keys(), filler: 'x'.repeat(300_000) })],
      ['has more keys than anybody', KEYS, () => json(200, { keys: Array<JWK>(101).fill({ kty: 'EC' }) })],
      ['answers no keys', KEYS, () => json(200, issuer.keys)],
      ['is another one', DISCOVERY, () => discovery({ issuer: `${issuer.url}/` })],
      [
        'has its keys at an http address',
        DISCOVERY,
        () => discovery({ jwks_uri: 'http://example.com/keys' }),
      ],
    ];
    it.each(FAULTS)('are neither taken nor refused: it %s', async (_what, path, answer) => {
      issuer.answers.set('/other', json(200, keys()));
      issuer.answers.set(path, answer());
      const tokens = tokensOf();
      const token = await issuer.token(NOW);
      const unknown = { code: 'identity-unavailable', retryAfterSeconds: 10 };
      await expect(tokens.personOf(token, NOW)).rejects.toMatchObject(unknown);
      await expect(tokens.personOf(token, plus(NOW, 7 * SECOND))).rejects.toMatchObject({
        ...{ code: 'identity-unavailable', retryAfterSeconds: 3 },
      });
      expect(reported).toHaveLength(1);
      expect(String(reported)).not.toContain(token.slice(0, 20));
      expect(issuer.asked).not.toContain('/other');
      issuer.answers.clear();
      expect(await tokens.personOf(token, plus(NOW, 10 * SECOND))).not.toBeNull();
      expect(reported).toEqual([expect.anything(), null]);
    });

    it('go on with known keys for a day; unknown ones do not', async () => {
      const tokens = tokensOf();
      expect(await tokens.personOf(await issuer.token(NOW), NOW)).not.toBeNull();
      issuer.answers.set(KEYS, silence);
      const later = plus(NOW, 23 * HOUR);
      expect(await tokens.personOf(await issuer.token(later), later)).not.toBeNull();
      const unknown = await issuer.token(later, {}, { kid: 'new' });
      await expect(tokens.personOf(unknown, later)).rejects.toMatchObject({ code: 'identity-unavailable' });
      const tooLate = plus(NOW, 24 * HOUR);
      await expect(tokens.personOf(await issuer.token(tooLate), tooLate)).rejects.toMatchObject({
        code: 'identity-unavailable',
      });
    });

    it('are refused all the same where that needs no key', async () => {
      issuer.answers.set(KEYS, silence);
      const tokens = tokensOf();
      expect(await tokens.personOf(await issuer.token(NOW, { iss: 'http://other' }), NOW)).toBeNull();
      expect(await tokens.personOf(await issuer.token(plus(NOW, -HOUR)), NOW)).toBeNull();
      expect(issuer.asked).toEqual([]);
    });
  });
});
