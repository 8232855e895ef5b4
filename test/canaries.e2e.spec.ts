import { EYES, RING, SECRETS } from './canaries/canaries';
import { changeAccount } from './canaries/account-story';
import { CanaryFleet } from './canaries/canary-fleet';
import { CanarySearch } from './canaries/canary-search';
import { CanarySteps, type TestWorker, WITHIN_MS } from './canaries/canary-steps';
import { PLACES } from './canaries/evidence';
import { changeLicense, changePools, REGISTRATION } from './canaries/license-stories';
import { breakBodies, misplaceSecrets } from './canaries/misplaced-secrets';
import { eventually } from './support/eventually';

const SLOW = 3 * WITHIN_MS;

/**
 * The whole product over sockets, given secrets that nobody could mistake for anything else. Whatever people and
 * outside systems do with them, right and wrong, no piece of one comes out again: not in output at the lowest level,
 * in an answer, a stream, a delivery or a tool, nor in the database but encrypted. The last test has the verdict.
 */
describe('no secret leaks', () => {
  let fleet: CanaryFleet;
  let steps: CanarySteps;
  let licensed: TestWorker;
  let imported: TestWorker;

  beforeAll(async () => {
    fleet = await CanaryFleet.start();
    steps = new CanarySteps(fleet);
    for (const token of [SECRETS.poolToken, SECRETS.rotatedPoolToken, SECRETS.ownToken]) {
      fleet.simulator.world.smartLicensing.addToken({ token });
    }
  }, SLOW);
  afterAll(() => fleet.close());

  it('when secrets are made that are shown once, and answers are repeated', async () => {
    const { api, canaries } = fleet;
    const url = fleet.receiver.url.replace('token-in-path', EYES);
    const key = { 'idempotency-key': 'the webhook' };
    const webhook = await api.postThatShows('secret', '/api/v1/webhooks', { url }, key);
    const { body, headers } = await api.post('/api/v1/webhooks', { url }, key);
    expect([body.id, headers.get('idempotency-replayed')]).toEqual([webhook.body.id, 'true']);
    const rotated = await api.postThatShows('secret', `/api/v1/webhooks/${body.id}/rotate-secret`);
    const apiKey = await api.postThatShows('key', '/api/v1/api-keys', { name: 'reader', role: 'viewer' });
    for (const { secret: value } of [webhook, rotated, apiKey]) {
      canaries.push({ name: `shown once, canary ${canaries.length}`, value: value.replace('whsec_', '') });
    }
    expect(await fleet.vault()).toEqual(expect.arrayContaining([webhook.secret, rotated.secret]));
    expect((await fleet.as(apiKey.secret).get('/api/v1/workers')).status).toBe(200);
  });

  it('when licence pools are made, misspelt, changed and deleted', () => changePools(fleet));

  it(
    'when workers are created and imported, and licensed by the pool',
    async () => {
      [licensed, imported] = await Promise.all([
        steps.licensedWorker(EYES),
        steps.importedWorker('imported'),
      ]);
      const tokens = fleet.simulator.world.smartLicensing.registrations().map(({ token }) => token);
      expect(tokens).toEqual([SECRETS.rotatedPoolToken, SECRETS.rotatedPoolToken]);
    },
    SLOW,
  );

  it(
    'when licences are renewed, given back and asked for again, whatever the server answers',
    () => changeLicense(fleet, steps, licensed),
    SLOW,
  );

  it(
    'when a server is asked by an account of its own, with a wrong password and with the right one',
    () => changeAccount(fleet, steps, imported),
    SLOW,
  );

  it(
    'when labs are started and stopped, and their topologies kept',
    () => steps.useLab(imported, EYES),
    SLOW,
  );

  it('when secrets stand where they do not belong', () => misplaceSecrets(fleet, licensed));

  it('when bodies are broken', () => breakBodies(fleet, licensed));

  it(
    'when a process dies in the middle of a registration, another one ends it, and tools work beside it',
    async () => {
      const struck = steps.strike(licensed, { ...REGISTRATION, hang: 'before-answer', applied: true });
      const order = { token: SECRETS.ownToken, reregister: true };
      const asked = await fleet.api.put(`/api/v1/workers/${licensed.id}/license`, order);
      expect(asked.status).toBe(202);
      await eventually(() => expect(struck.strikes).toBe(1), WITHIN_MS);
      await fleet.crashAndBringNewKey();

      const commands = ['rotate-secrets', 'verify-audit', 'verify-audit --json', 'doctor', 'doctor --json'];
      const results = await Promise.all(commands.map((command) => fleet.cli(command.split(' '))));
      expect(results.map(({ status, out, err }) => (status === 0 ? 0 : [status, out, err]))).toEqual([
        0, 0, 0, 0, 0,
      ]);
      const typo = await fleet.cli(['doctor'], RING.new.entry.replace('=', ''));
      expect(typo).toMatchObject({ status: 1, out: expect.stringContaining('FLEET_SECRETS_KEYS') });

      await steps.until(asked.headers.get('location') ?? '', { state: 'succeeded' });
      expect(await fleet.vault()).toContain(SECRETS.ownToken);
      await fleet.evidence.addDatabase(fleet.database.connection, 'after the crash');
    },
    SLOW,
  );

  it(
    'when a worker is prepared for its end, and terminated',
    async () => {
      const path = `/api/v1/workers/${licensed.id}`;
      expect((await fleet.api.post(`${path}/terminate`, { reason: 'over' })).status).toBe(202);
      await steps.until(path, { status: 'TERMINATED', termination: { license: 'released' } });
      await steps.lookAround();
      await fleet.end();
      await fleet.evidence.addDatabase(fleet.database.connection, 'at the end');
    },
    SLOW,
  );

  it('where the search has eyes, and it has them in every kind of place', async () => {
    const { evidence, canaries } = fleet;
    expect((await fleet.jwts()).length).toBeGreaterThan(2);
    const seen = evidence.searched(new CanarySearch([{ name: 'eyes', value: EYES }]));
    expect([...new Set(seen.map(({ place }) => place))].sort()).toEqual([...PLACES].sort());

    expect(new Set(evidence.searched(new CanarySearch(canaries)).map(({ text }) => text))).toEqual(new Set());
  });
});
