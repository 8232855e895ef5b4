import { Secret } from '../../kernel/secret';
import { type Answer, empty, json, playCml, type PlayedCml, problem } from './testing/played-cml';
import { aCertificate, type Certificate } from './testing/tls-server';

let certificate: Certificate;
let cml: PlayedCml;
let bodies: { readonly request: string; readonly text: string }[];

beforeAll(async () => {
  certificate = await aCertificate();
});

afterEach(() => cml.close());

const TOKEN = new Secret('ZDQ5YzAxNmMtNGU0Yy00MDQ3%0AbWFr');

/** Notes the body of each request, and answers as given. */
async function play(answers: Readonly<Record<string, Answer>>): Promise<void> {
  bodies = [];
  const noting = Object.entries(answers).map(([request, answer]): [string, Answer] => [
    request,
    (response, incoming, text) => {
      bodies.push({ request, text });
      return answer(response, incoming, text);
    },
  ]);
  cml = await playCml(certificate, Object.fromEntries(noting));
}

describe('reads', () => {
  const license = json(200, {
    registration: {
      status: 'COMPLETED',
      expires: '2027-04-14 00:55:21',
      register_time: { failure: 'OK', success: 'SUCCESS' },
    },
    authorization: { status: 'IN_COMPLIANCE' },
    product_license: { active: 'CML_Enterprise' },
  });

  it.each<[string, Answer, boolean | null]>([
    ['the licence, and whether the server counts as licensed', json(200, { is_licensed: true }), true],
    ['null where it does not say', json(200, { valid: true }), null],
    ['null where health has an error of its own', problem(500, 'broken'), null],
  ])('%s', async (_, health, licensed) => {
    await play({ 'GET /licensing': license, 'GET /system_health': health });

    expect(await cml.clients.licensing.read(cml.server)).toEqual({
      licensed,
      license: expect.objectContaining({
        registration: 'COMPLETED',
        authorization: 'IN_COMPLIANCE',
        registrationExpires: new Date('2027-04-14T00:55:21Z'),
        productLicense: 'CML_Enterprise',
        failure: null,
      }) as unknown,
    });
  });

  it('nothing where CML is not up any more', async () => {
    const starting: Answer = (response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>');
    await play({ 'GET /licensing': license, 'GET /system_health': starting });

    await expect(cml.clients.licensing.read(cml.server)).rejects.toMatchObject({ failure: 'not-ready' });
  });

  it('why a registration failed, without the token that is quoted', async () => {
    const failure = `Communication failure: {"token":["The token '${TOKEN.reveal()}' is not valid."]}`;
    await play({
      'GET /licensing': json(200, { registration: { status: 'FAILED', register_time: { failure } } }),
      'GET /system_health': json(200, {}),
    });

    const { license: read } = await cml.clients.licensing.read(cml.server);

    expect(read.failure).toBe('Communication failure: {"token":["The token \'[secret]\' is not valid."]}');
  });
});

describe('changes', () => {
  // 2.9 answers 204 without a body, 2.11 a status in one
  const GOOD: readonly [string, Answer][] = [
    ['204', empty(204)],
    ['200 with a body', json(200, { registration: {} })],
    ['202 with a body', json(202, { registration: {} })],
  ];

  it.each(GOOD)('the product licence as a bare JSON string; %s is a success', async (_, answer) => {
    const personal = json(200, { product_license: { active: 'CML_Personal' } });
    await play({ 'GET /licensing': personal, 'PUT /licensing/product_license': answer });

    await cml.clients.licensing.setProductLicense(cml.server, 'CML_Enterprise');

    expect(bodies.at(-1)).toEqual({ request: 'PUT /licensing/product_license', text: '"CML_Enterprise"' });
  });

  it.each(GOOD)('the registration; %s is a success', async (_, answer) => {
    await play({ 'POST /licensing/registration': answer });

    await cml.clients.licensing.register(cml.server, TOKEN, true);

    expect(bodies.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
      { token: TOKEN.reveal(), reregister: true },
    ]);
  });

  it('the counts of features', async () => {
    await play({ 'PATCH /licensing/features': empty(204) });
    const id = 'regid.2019-10.com.cisco.CML_NODE_COUNT,1.0_2607650b-6ca8-46d5-81e5-e6688b7383c4';

    await cml.clients.licensing.setFeatures(cml.server, [{ id, count: 40 }]);

    expect(bodies.map(({ text }) => JSON.parse(text) as unknown)).toEqual([[{ id, count: 40 }]]);
  });

  it('renewals, without a body', async () => {
    await play({
      'PUT /licensing/registration/renew': empty(204),
      'PUT /licensing/authorization/renew': empty(204),
    });

    await cml.clients.licensing.renewRegistration(cml.server);
    await cml.clients.licensing.renewAuthorization(cml.server);

    expect(bodies).toEqual([
      { request: 'PUT /licensing/registration/renew', text: '' },
      { request: 'PUT /licensing/authorization/renew', text: '' },
    ]);
  });

  const DEFAULT = 'https://smartreceiver.cisco.com/licservice/license';
  const PROXY = { server: 'proxy.example.com', port: 80 };
  it.each<[string, unknown, string | null, unknown]>([
    [
      'to a Smart Licensing server of one’s own, and keeps the proxy',
      { ssms: DEFAULT, default_ssms: DEFAULT, proxy: PROXY },
      'https://ssms.example.com/Transportgateway',
      { ssms: 'https://ssms.example.com/Transportgateway', proxy: PROXY },
    ],
    [
      'back to Cisco’s own',
      { ssms: 'https://ssms.example.com/x', default_ssms: DEFAULT, proxy: { server: null, port: null } },
      null,
      { ssms: DEFAULT, proxy: { server: null, port: null } },
    ],
    [
      'to what CML takes by itself, where it does not name it',
      {},
      null,
      { proxy: { server: null, port: null } },
    ],
  ])('the transport %s', async (_, transport, smartServer, expected) => {
    await play({ 'GET /licensing': json(200, { transport }), 'PUT /licensing/transport': empty(204) });

    await cml.clients.licensing.setTransport(cml.server, smartServer);

    expect(JSON.parse(bodies.at(-1)?.text ?? '')).toEqual(expected);
  });

  it.each<[number, string, object]>([
    [
      409,
      'Registration cannot be requested at this time.',
      { failure: 'busy', kind: 'unavailable', code: 'cml-unavailable' },
    ],
    [400, 'Invalid token.', { failure: 'refused', kind: 'refused', code: 'cml-refused' }],
    [403, 'Access denied.', { failure: 'credentials', kind: 'refused', code: 'cml-refused' }],
    [500, 'Internal error.', { failure: 'refused', kind: 'refused', code: 'cml-refused' }],
  ])('nothing where CML answers %i, and says so in its words', async (status, description, error) => {
    await play({ 'POST /licensing/registration': problem(status, description) });

    await expect(cml.clients.licensing.register(cml.server, TOKEN, false)).rejects.toMatchObject({
      ...error,
      httpStatus: status,
      message: expect.stringContaining(`(HTTP ${status}: ${description})`) as string,
    });
    expect(cml.count('POST /licensing/registration')).toBe(1);
  });

  it('nothing where a page in HTML comes with 200', async () => {
    const page: Answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    await play({ 'PUT /licensing/authorization/renew': page });

    const renewing = cml.clients.licensing.renewAuthorization(cml.server);

    await expect(renewing).rejects.toMatchObject({ failure: 'not-ready' });
  });
});

describe('deregisters', () => {
  const ask = () => cml.clients.licensing.deregister(cml.server);

  it.each<[string, Answer, string]>([
    ['204', empty(204), 'released'],
    ['200 with a body', json(200, {}), 'released'],
    ['202', empty(202), 'left-over'],
    ['202 with a body', json(202, {}), 'left-over'],
    [
      '400, registered no more',
      problem(400, 'The Product has already been deregistered from Smart Software Licensing.'),
      'not-registered',
    ],
    [
      '400, not registered',
      problem(400, 'Licensing issue: The product instance is not registered.'),
      'not-registered',
    ],
  ])('%s: %s', async (_, answer, expected) => {
    await play({ 'DELETE /licensing/deregistration': answer });

    expect(await ask()).toBe(expected);
  });

  it.each<[string, Answer, object]>([
    [
      'nodes-running while nodes run',
      problem(400, 'Licensing issue: Cannot de-register when nodes are running.'),
      { failure: 'nodes-running', httpStatus: 400, code: 'cml-refused' },
    ],
    ['refused for any other 400', problem(400, 'Something else.'), { failure: 'refused', httpStatus: 400 }],
    ['refused for a 400 without a word', empty(400), { failure: 'refused', httpStatus: 400 }],
    [
      'refused for words without end, which cost no time',
      problem(400, 'ING RUNNING '.repeat(250_000)),
      { failure: 'refused', httpStatus: 400 },
    ],
    ['busy for 409', problem(409, 'Cannot be requested at this time.'), { failure: 'busy', httpStatus: 409 }],
  ])('fails as %s', async (_, answer, error) => {
    await play({ 'DELETE /licensing/deregistration': answer });

    await expect(ask()).rejects.toMatchObject(error);
  });
});
