import { CmlBrowser } from '../testing/cml-browser';
import { CML, READY_AFTER_SECONDS, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

let fleet: SimulatedFleet;
let id: string;
beforeEach(async () => {
  fleet = await startFleet();
  id = await fleet.launch('lab-1');
  fleet.seconds(READY_AFTER_SECONDS);
});
afterEach(() => fleet.stop());

async function call(method: string, path: string, body: unknown = {}): Promise<[number, unknown]> {
  const content = method === 'GET' ? {} : { body: JSON.stringify(body) };
  const response = await fetch(fleet.controlUrl + path, { method, ...content });
  const answer = await response.text();
  return [response.status, answer === '' ? null : (JSON.parse(answer) as unknown)];
}

describe('acts on a CML server', () => {
  it('change what it is like', async () => {
    const { server, certificate, logins } = fleet.world.host(id);
    const { fingerprint } = await certificate.current();
    const acts: [string, unknown?][] = [
      ['trouble', { fault: 'bad-gateway' }],
      ['replace-certificate'],
      ['end-sessions'],
      ['set-account', { username: 'ada', password: 'pw', admin: false }],
      ['limit-logins', { perMinute: 5 }],
      ['start-lab', { user: 'ada', lab: 'BGP' }],
      [
        'flood-telemetry',
        { count: 7, from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z', user: 'ada' },
      ],
    ];
    for (const [act, body] of acts)
      expect(await call('POST', `/cml/${id}/${act}`, body)).toEqual([204, null]);
    expect(server.fault).toBe('bad-gateway');
    expect((await certificate.current()).fingerprint).not.toBe(fingerprint);
    expect(server.authenticate({ username: 'ada', password: 'pw' })).toMatchObject({ admin: false });
    expect(logins.limit).toEqual({ perMinute: 5, html: false });
    expect(fleet.world.truth(id).runningLabs).toBe(1);
    expect(server.floods).toEqual([
      {
        ...{ count: 7, userId: server.userNamed('ada').id },
        ...{ from: new Date('2026-11-01'), until: new Date('2026-11-02') },
      },
    ]);
    await call('POST', `/cml/${id}/stop-lab`, { user: 'ada', lab: 'BGP' });
    await call('POST', `/cml/${id}/delete-lab`, { user: 'ada', lab: 'BGP' });
    expect(server.labs).toEqual([]);
  });

  it('are refused where they make no sense', async () => {
    expect(await call('POST', `/cml/${id}/trouble`, { fault: 'fire' })).toMatchObject([400, {}]);
    expect(await call('POST', `/cml/${id}/dance`)).toMatchObject([400, {}]);
    expect(await call('POST', '/cml/i-0/end-sessions')).toEqual([
      404,
      { error: 'There is no instance i-0.' },
    ]);
  });
});

it('requests to CML servers are shown', async () => {
  const browser = new CmlBrowser(fleet);
  await browser.logIn(id, CML);
  await browser.logIn(id, { ...CML, password: 'wrong' });
  await browser.close();
  const entry = {
    at: fleet.clock.now().toISOString(),
    instanceId: id,
    method: 'POST',
    path: '/authenticate',
  };
  expect(await call('GET', '/cml-calls?recent=2')).toEqual([
    200,
    [
      { ...entry, outcome: 200 },
      { ...entry, outcome: 403 },
    ],
  ]);
});

describe('Smart Licensing', () => {
  const register = (token: string) => fleet.world.host(id).license.register(token, false, fleet.clock.now());
  const registrations = async () => (await call('GET', '/smart-licensing/registrations'))[1];

  it('is told of tokens, shows registrations, and forgets servers', async () => {
    const token = { token: 'abc', seats: { CML_Enterprise: 2 }, expiresAt: '2027-01-01T00:00:00Z' };
    expect(await call('POST', '/smart-licensing/tokens', token)).toEqual([204, null]);
    expect(await call('POST', '/smart-licensing/tokens', { seats: {} })).toMatchObject([400, {}]);
    register('abc');
    fleet.seconds(15);
    const [known] = fleet.world.smartLicensing.registrations();
    expect(await registrations()).toMatchObject([
      { instanceId: id, token: 'abc', refusal: null, givenBackAt: null, virtualAccount: 'Default' },
    ]);
    expect(await call('DELETE', `/smart-licensing/instances/${known?.productUuid}`)).toEqual([204, null]);
    expect(await registrations()).toMatchObject([{ givenBackBy: 'person' }]);
  });

  it('cannot be reached, by a rule or a scenario', async () => {
    const rule = { actions: ['register'], next: 1 };
    expect(await call('POST', '/smart-licensing/outages', rule)).toEqual([201, { id: 1, rule, strikes: 0 }]);
    fleet.world.scenarios.play({
      name: 'licences',
      steps: [
        { at: 0, do: { licenseToken: { token: 'abc' } } },
        { at: 30, do: { outage: { name: 'night' } } },
        { at: 50, do: { endOutages: 'night' } },
        { at: 60, do: { names: 'lab-*', cml: { act: 'end-sessions' } } },
      ],
    });
    register('abc');
    // The first try at 5 s meets the rule, the second at 35 s the outage of the scenario, the third at 65 s nothing.
    fleet.seconds(60);
    expect(fleet.world.scenarios.report().map(({ outcome }) => outcome)).toEqual([
      ...['a licence token is valid', 'outage 2 holds', '1 outages ended', 'end-sessions of 1 instances'],
    ]);
    expect(fleet.world.host(id).license.state.registration.status).toBe('RETRY_IN_PROGRESS');
    expect(await registrations()).toEqual([]);
    fleet.seconds(5);
    expect(await registrations()).toMatchObject([{ at: '2026-11-23T08:04:05.000Z' }]);
  });
});
