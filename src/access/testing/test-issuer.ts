import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { SECOND } from '../../kernel/clocks';

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

export interface IssuedKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  /** as the key set shows it */
  readonly jwk: JWK;
}

export interface TokenOptions {
  readonly key?: IssuedKey;
  readonly typ?: string;
  /** of the header; null: none */
  readonly kid?: string | null;
}

/** A small OpenID provider on 127.0.0.1: discovery, key set, and whatever tokens a test wants signed. */
export interface TestIssuer {
  readonly url: string;
  /** as the key set shows them from now on */
  keys: JWK[];
  /** paths that were asked for so far */
  readonly asked: string[];
  /** what a path answers instead from now on */
  readonly answers: Map<string, Respond>;
  /** A new key, which is in the key set only when it is put there. */
  newKey(kid: string, alg?: string): Promise<IssuedKey>;
  /** A token of Ann for the audience `fleet`, issued now and good for five minutes, with other claims over that. */
  token(now: Date, claims?: JWTPayload, options?: TokenOptions): Promise<string>;
  close(): Promise<void>;
}

export const DISCOVERY = '/.well-known/openid-configuration';
export const KEYS = '/keys';
export const AUDIENCE = 'fleet';

const LIFE_SECONDS = 300;

export async function startTestIssuer(): Promise<TestIssuer> {
  const first = await newKey('first');
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    issuer.asked.push(path);
    (issuer.answers.get(path) ?? ordinary[path] ?? json(404, {}))(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    ...{ url, keys: [first.jwk], asked: [], answers: new Map<string, Respond>(), newKey },
    token: (now, claims = {}, { key = first, typ = 'at+jwt', kid = key.kid } = {}) => {
      const at = Math.floor(now.getTime() / SECOND);
      const usual = { iss: url, aud: AUDIENCE, sub: 'ann', iat: at, exp: at + LIFE_SECONDS };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: key.alg, typ, ...(kid !== null && { kid }) })
        .sign(key.privateKey);
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  const ordinary: Record<string, Respond> = {
    [DISCOVERY]: (...args) =>
      json(200, {
        ...{ issuer: url, jwks_uri: url + KEYS },
        ...{ authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token` },
      })(...args),
    [KEYS]: (...args) => json(200, { keys: issuer.keys })(...args),
  };
  return issuer;
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Respond =>
  (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

/** Takes the question, and says nothing. */
export const silence: Respond = () => undefined;

async function newKey(kid: string, alg = 'ES256'): Promise<IssuedKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}
