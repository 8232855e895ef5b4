import { type Canary } from './canaries/canary';
import { canaryOfJwt, EYES, knownCanaries, RING, SECRETS } from './canaries/canaries';
import { CanaryFleet, POOL } from './canaries/canary-fleet';
import { CanarySearch } from './canaries/canary-search';
import { CanarySteps } from './canaries/canary-steps';
import { PLACES } from './canaries/evidence';
import { eventually } from './support/eventually';

const WITHIN_MS = 120_000;
const POOLS = '/api/v1/license-pools';
const REGISTRATION = { methods: ['POST'], paths: ['/licensing/registration'] } as const;

/**
 * The whole product over sockets, given secrets that nobody could mistake for anything else. Whatever people and
 * outside systems do with them, right and wrong, no piece of one comes out again: not in output at the lowest level,
 * in an answer, a stream, a delivery or a tool, nor in the database but encrypted.
 */
describe('no secret leaks', () => {
  let fleet: CanaryFleet;
  let steps: CanarySteps;
  const canaries: Canary[] = knownCanaries();
  let licensed: { id: string; awsInstanceId: string };
  let imported: { id: string; awsInstanceId: string };
  let license: string;
  let credentials: string;

  const keep = (name: string, value: string) => void canaries.push({ name, value });

  beforeAll(async () => {
    fleet = await CanaryFleet.start();
    steps = new CanarySteps(fleet);
    for (const token of [SECRETS.poolToken, SECRETS.rotatedPoolToken, SECRETS.ownToken]) {
      fleet.simulator.world.smartLicensing.addToken({ token });
    }
  }, WITHIN_MS);
  afterAll(() => fleet.close());

  it('when secrets are made that are shown once, and answers are repeated', async () => {
    const url = fleet.receiver.url.replace('token-in-path', EYES);
    const key = { 'idempotency-key': 'the webhook' };
    const webhook = await fleet.api.postThatShows('secret', '/api/v1/webhooks', { url }, key);
    const replayed = await fleet.api.post('/api/v1/webhooks', { url }, key);
    expect([replayed.body.id, replayed.headers.get('idempotency-replayed')]).toEqual([webhook.body.id, 'true']);
    const path = `/api/v1/webhooks/${webhook.body.id}/rotate-secret`;
    const rotated = await fleet.api.postThatShows('secret', path);
    const viewer = { name: 'viewer', role: 'viewer' };
    const { secret: apiKey } = await fleet.api.postThatShows('key', '/api/v1/api-keys', viewer);
    keep('the secret of the webhook', webhook.secret.slice('whsec_'.length));
    keep('the new secret of the webhook', rotated.secret.slice('whsec_'.length));
    keep('the created API key', apiKey);
    expect(await fleet.vault()).toEqual(expect.arrayContaining([webhook.secret, rotated.secret]));
  });

  it('when licence pools are made, changed, misspelt and deleted', async () => {
    const { poolToken: token, rotatedPoolToken } = SECRETS;
    const key = { 'idempotency-key': 'the pool' };
    const pool = { name: POOL, token, capacity: 5 };
    const { status, body } = await fleet.api.post(POOLS, pool, key);
    expect(status).toBe(201);
    expect((await fleet.api.post(POOLS, pool, key)).headers.get('idempotency-replayed')).toBe('true');
    expect((await fleet.api.post(POOLS, { ...pool, capacity: 6 }, key)).status).toBe(422);
    expect((await fleet.api.post(POOLS, pool)).status).toBe(409);
    expect((await fleet.api.post(POOLS, { ...pool, name: '', capacity: -1, note: token })).status).toBe(422);
    expect(await fleet.vault()).toContain(token);
    const path = `${POOLS}/${body.id}`;
    expect((await fleet.api.patch(path, { token: rotatedPoolToken })).status).toBe(200);
    expect((await fleet.api.patch(path, { token: { text: token } })).status).toBe(422);
    expect(await fleet.vault()).toContain(rotatedPoolToken);
    const other = await fleet.api.post(POOLS, { ...pool, name: 'other' });
    expect((await fleet.api.delete(`${POOLS}/${other.body.id}`)).status).toBe(204);
    for (const it of [path, POOLS]) await fleet.api.get(it);
  });

  it(
    'when workers are created and imported, and licensed by the pool',
    async () => {
      [licensed, imported] = await Promise.all([
        steps.licensedWorker(EYES),
        steps.importedWorker('imported'),
      ]);
      license = `/api/v1/workers/${licensed.id}/license`;
      credentials = `/api/v1/workers/${imported.id}/cml-credentials`;
      const tokens = fleet.simulator.world.smartLicensing.registrations().map(({ token }) => token);
      expect(new Set(tokens)).toEqual(new Set([SECRETS.rotatedPoolToken]));
    },
    WITHIN_MS,
  );

  it(
    'when licences are renewed, given back and asked for again, in vain and with success',
    async () => {
      const { ownToken: token, unknownToken } = SECRETS;
      const order = { token, reregister: true };
      expect(await steps.ended('POST', `${license}/renew`)).toMatchObject({ state: 'succeeded' });
      expect(await steps.ended('DELETE', license)).toMatchObject({ state: 'succeeded' });
      const refused = await steps.ended('PUT', license, { token: unknownToken });
      expect(refused).toMatchObject({ state: 'failed', error: { code: 'license-refused' } });

      const quoted = `Bad input: ${JSON.stringify(order)} ${encodeURIComponent(token)} ${token.slice(9, 40)}`;
      for (const fault of [
        { status: 400, description: quoted },
        { status: 409, description: quoted },
        { status: 502, html: true as const, description: quoted },
        { status: 200, body: { text: `<html>${token}` } },
        { cut: 'mid-answer' as const },
        { cut: 'before-answer' as const, applied: true },
      ]) {
        const struck = steps.strike(licensed.awsInstanceId, { ...REGISTRATION, methods: ['POST'], paths: ['/licensing/registration'], ...fault });
        await steps.ended('PUT', license, order);
        expect(struck.strikes).toBe(1);
      }
      expect(await steps.ended('PUT', license, order)).toMatchObject({ state: 'succeeded' });
      expect(await fleet.vault()).toContain(token);
    },
    WITHIN_MS,
  );
});
