import { inspect } from 'node:util';
import { eventually } from '../../../test/support/eventually';
import { Secret } from '../../kernel/secret';
import { ManualTimers } from '../../kernel/timers';
import { CmlError, type CmlFailure, type CmlServer } from '../../telemetry';
import { type CmlClients, type CmlClientsOptions } from './testing/cml-clients';
import { type Answer, json, LOGIN, playCml, type PlayedCml } from './testing/played-cml';
import { aCertificate, type Certificate, sendJson } from './testing/tls-server';

const PASSWORD = 'canary-password-of-the-fleet';
const OWN_PASSWORD = 'canary-password-of-the-server';
const TOKEN = 'Y2FuYXJ5LWxpY2VuY2U%0AdG9rZW4%2Bx';
const SESSION = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5LXNlc3Npb24';
/** and a part of the licence token, and of the session's */
const CANARIES = [PASSWORD, OWN_PASSWORD, TOKEN, SESSION, 'Y2FuYXJ5LWxpY2VuY2U', 'Y2FuYXJ5LXNlc3Npb24'];

let certificate: Certificate;
let cml: PlayedCml;

beforeAll(async () => {
  certificate = await aCertificate();
});

afterEach(() => cml.close());

/** Everything of an error and of what caused it that a log could show. */
function everythingOf(error: unknown): string {
  const texts: string[] = [];
  // By shape: Node's own errors are no `instanceof Error` in a test.
  for (let at = error; typeof at === 'object' && at !== null;) {
    const { message, stack, cause } = at as Partial<Error>;
    texts.push(
      inspect(at, { depth: Infinity, showHidden: true }),
      `${message} ${stack} ${JSON.stringify(at)}`,
    );
    at = cause;
  }
  return texts.join('\n');
}

/** Says back all that it was sent, whole and in part. */
const echoing =
  (status: number): Answer =>
  (response, { headers, url }, body) => {
    const parts = [headers.authorization?.slice(-19), body.includes(TOKEN) ? TOKEN.slice(0, 19) : ''];
    const description = `${headers.authorization} ${parts.join('… …')} ${url} ${body}`;
    sendJson(response, status, { code: status, description, body, headers });
  };
const cut: Answer = (_, request) => request.socket.destroy();
const hang: Answer = () => undefined;
const page: Answer = (response, request, body) =>
  response
    .writeHead(502, { 'content-type': 'text/html' })
    .end(`<html>${request.headers.authorization} ${body}`);
const broken: Answer = (response, request, body) =>
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(`[${request.headers.authorization} ${body}`);

/** Not even HTTP. */
const babble: Answer = (_, request, body) =>
  request.socket.end(`${request.headers.authorization} ${body}\r\n\r\n`);

const logIn = json(200, { ...LOGIN, token: SESSION });
const VAULT = { reveal: () => Promise.resolve(new Secret(OWN_PASSWORD)) };

async function play(
  answers: Readonly<Record<string, Answer>>,
  options: CmlClientsOptions = {},
): Promise<void> {
  const account = { username: 'fleet', password: new Secret(PASSWORD) };
  const all = { 'POST /auth_extended': logIn, ...answers };
  cml = await playCml(certificate, all, { account, vault: VAULT, ...options });
}

type Ask = (clients: CmlClients, server: CmlServer) => Promise<unknown>;
const register: Ask = ({ licensing }, server) => licensing.register(server, new Secret(TOKEN), false);
const deregister: Ask = ({ licensing }, server) => licensing.deregister(server);
const read: Ask = ({ observing }, server) => observing.readLicense(server);
const readActivity: Ask = ({ observing }, server) => observing.readActivity(server, null);

const REGISTRATION = 'POST /licensing/registration';
const LOGGING_IN = 'POST /auth_extended';

async function failing(ask: Ask, server = cml.server): Promise<CmlError> {
  const error: unknown = await ask(cml.clients, server).catch((caught: unknown) => caught);
  if (!(error instanceof CmlError)) throw new Error(`It should have failed as a CmlError: ${String(error)}`);
  return error;
}

function expectNoCanary(error: unknown): void {
  const text = everythingOf(error);
  for (const canary of CANARIES) expect(text).not.toContain(canary);
}

it.each<[CmlFailure, string, string, Answer, Ask]>([
  ['busy', 'says it is busy', REGISTRATION, echoing(409), register],
  ['busy', 'takes no more logins', LOGGING_IN, echoing(429), register],
  ['refused', 'refuses a token', REGISTRATION, echoing(400), register],
  ['refused', 'has an error', REGISTRATION, echoing(500), register],
  ['refused', 'refuses to deregister', 'DELETE /licensing/deregistration', echoing(400), deregister],
  ['refused', 'refuses a login by 400', LOGGING_IN, echoing(400), register],
  ['credentials', 'refuses the password', LOGGING_IN, echoing(403), register],
  ['credentials', 'refuses our rights', REGISTRATION, echoing(403), register],
  ['credentials', 'takes no session', REGISTRATION, echoing(401), register],
  ['not-ready', 'is a page of nginx', REGISTRATION, page, register],
  ['not-ready', 'is a page of nginx at the login', LOGGING_IN, page, register],
  ['unreadable', 'breaks off', 'GET /licensing', broken, read],
  ['unreadable', 'breaks off at the login', LOGGING_IN, broken, read],
  ['unreadable', 'breaks off in a list', 'GET /telemetry/events', broken, readActivity],
  ['unreadable', 'is no session', LOGGING_IN, echoing(200), read],
  ['unreadable', 'speaks no HTTP', REGISTRATION, babble, register],
  ['unreadable', 'speaks no HTTP at the login', LOGGING_IN, babble, register],
  ['unreachable', 'is cut off', REGISTRATION, cut, register],
  ['unreachable', 'is cut off at the login', LOGGING_IN, cut, register],
])('%s has no secret in it, where the server %s', async (failure, _, request, answer, ask) => {
  await play({ [request]: answer });

  const error = await failing(ask);
  expect(error.failure).toBe(failure);
  expectNoCanary(error);

  const own = { ...cml.server, credentials: { username: 'ops', passwordRef: 'ref-1' } };
  expectNoCanary(await failing(ask, own));
});

it('nodes-running has no secret in it', async () => {
  const answer: Answer = (response, { headers }) =>
    sendJson(response, 400, { code: 400, description: `Nodes are running. ${headers.authorization}` });
  await play({ 'DELETE /licensing/deregistration': answer });

  const error = await failing(deregister);

  expect(error.failure).toBe('nodes-running');
  expectNoCanary(error);
});

it('timeout has no secret in it', async () => {
  const timers = new ManualTimers();
  await play({ [REGISTRATION]: hang }, { timers });
  const asking = failing(register);
  await eventually(() => expect(cml.count(REGISTRATION)).toBe(1));
  timers.advance(30_000);

  const error = await asking;

  expect(error.failure).toBe('timeout');
  expectNoCanary(error);
});

it('certificate has no secret in it', async () => {
  await play({});
  const error = await failing(register, { ...cml.server, pinnedCertificate: 'AB:CD' });

  expect(error.failure).toBe('certificate');
  expectNoCanary(error);
});

it('a refused proxy has no secret in it', async () => {
  await play({}, { proxy: `http://me:${PASSWORD}@127.0.0.1:1` });

  const error = await failing(register);

  expect(error.failure).toBe('unreachable');
  expectNoCanary(error);
});

it('a licence that failed has no secret in it', async () => {
  const failure = `{"token":["The token '${TOKEN}' is not valid."]} ${SESSION}`;
  await play({ 'GET /licensing': json(200, { registration: { register_time: { failure } } }) });

  const { values } = await cml.clients.observing.readLicense(cml.server);

  expect(values.failure).toBe('{"token":["The token \'[secret]\' is not valid."]} [secret]');
});
