import { MINUTE } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { Secret } from '../../kernel/secret';
import { SecretUnreadable } from '../../secrets';
import { type CmlServer } from '../../telemetry';
import { type CmlClientsOptions } from './testing/cml-clients';
import { type Answer, json, LOGIN, playCml, type PlayedCml } from './testing/played-cml';
import { aCertificate, type Certificate, sendJson } from './testing/tls-server';

let certificate: Certificate;
let cml: PlayedCml;
let logins: unknown[];

beforeAll(async () => {
  certificate = await aCertificate();
});

afterEach(() => cml.close());

const VAULT = {
  reveal: (ref: string) => Promise.resolve(ref.startsWith('ref-') ? new Secret(`password of ${ref}`) : null),
};

/** A server that lets in who has not the password of `ref-wrong`. */
async function play(options: CmlClientsOptions = {}): Promise<void> {
  logins = [];
  const logIn: Answer = (response, _, body) => {
    logins.push(JSON.parse(body));
    if (!body.includes('ref-wrong')) return sendJson(response, 200, LOGIN);
    return sendJson(response, 403, { code: 403, description: 'Authentication failed!' });
  };
  const answers = { 'POST /auth_extended': logIn, 'GET /licensing': json(200, {}) };
  cml = await playCml(certificate, answers, { vault: VAULT, ...options });
}

function as(username: string, passwordRef: string): CmlServer {
  return { ...cml.server, credentials: { username, passwordRef } };
}

const read = (server: CmlServer) => cml.clients.observing.readLicense(server);

it('logs in as the fleet’s account where the server has none of its own', async () => {
  await play();
  await read(cml.server);

  expect(logins).toEqual([{ username: 'fleet', password: 'right-password' }]);
});

it('logs in as the server’s own account, with the password from the vault', async () => {
  await play({ account: null });
  await read(as('ops', 'ref-1'));

  expect(logins).toEqual([{ username: 'ops', password: 'password of ref-1' }]);
});

it('begins anew with other credentials, and takes no token of another account', async () => {
  await play();
  for (const server of [as('ops', 'ref-1'), as('ops', 'ref-1'), as('ops', 'ref-2'), cml.server])
    await read(server);

  expect(logins).toEqual([
    { username: 'ops', password: 'password of ref-1' },
    { username: 'ops', password: 'password of ref-2' },
    { username: 'fleet', password: 'right-password' },
  ]);
});

it('does not try refused credentials again for five minutes, while others may be tried', async () => {
  await play();
  const wrong = as('ops', 'ref-wrong');
  const refused = {
    failure: 'credentials',
    httpStatus: 403,
    message:
      'The server refuses the user name "ops" or its password. Give the server 127.0.0.1 the credentials of an ' +
      'account that works. No login is tried before 2026-11-23T08:05:00.000Z.',
  };
  await expect(read(wrong)).rejects.toMatchObject(refused);
  cml.clock.advance(5 * MINUTE - 1);
  await expect(read(wrong)).rejects.toMatchObject(refused);
  expect(logins).toHaveLength(1);

  cml.clock.advance(1);
  await expect(read(wrong)).rejects.toMatchObject({ failure: 'credentials' });
  expect(logins).toHaveLength(2);

  await read(as('ops', 'ref-right'));
  expect(logins).toHaveLength(3);
});

it('says what to do where the vault has no such password', async () => {
  await play();

  await expect(read(as('ops', 'gone'))).rejects.toMatchObject({
    failure: 'credentials',
    message:
      'The password of the account "ops" is not in the vault any more. Give the server 127.0.0.1 the credentials of an account that works.',
  });
  expect(logins).toEqual([]);
});

it('says what to do where the vault cannot decrypt it', async () => {
  const unreadable = () => Promise.reject(new SecretUnreadable('The secret ref-1 is not what was stored.'));
  await play({ vault: { reveal: unreadable } });

  await expect(read(as('ops', 'ref-1'))).rejects.toMatchObject({
    failure: 'credentials',
    message:
      'The password of the account "ops" cannot be read from the vault: The secret ref-1 is not what was stored. ' +
      'Give the server 127.0.0.1 the credentials of an account that works.',
  });
});

it('asks the vault again after it did not answer, which is no fault of the account', async () => {
  let calls = 0;
  const reveal = () =>
    (calls += 1) === 1
      ? Promise.reject(new StoreUnavailable('The database is away.'))
      : Promise.resolve(new Secret('pw'));
  await play({ vault: { reveal } });
  await expect(read(as('ops', 'ref-1'))).rejects.toMatchObject({
    failure: 'not-ready',
    kind: 'unavailable',
    retryAfterSeconds: 60,
    message:
      'The password of the account "ops" cannot be read from the vault: The database is away. Try again.',
  });

  await read(as('ops', 'ref-1'));

  expect(logins).toEqual([{ username: 'ops', password: 'pw' }]);
});

it('says what to do where there is no account at all', async () => {
  await play({ account: null });

  await expect(read(cml.server)).rejects.toMatchObject({
    failure: 'credentials',
    message: expect.stringContaining('Set FLEET_CML_USERNAME and FLEET_CML_PASSWORD') as string,
  });
  expect(cml.requests).toEqual([]);
});
