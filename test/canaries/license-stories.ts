import { type CmlFaultRuleInput } from '../../src/simulator/cml/faults/cml-fault-rule';
import { EYES, SECRETS } from './canaries';
import { type CanaryFleet, POOL } from './canary-fleet';
import { type CanarySteps, type TestWorker } from './canary-steps';

const POOLS = '/api/v1/license-pools';
export const REGISTRATION: CmlFaultRuleInput = { methods: ['POST'], paths: ['/licensing/registration'] };

/** Pools are made, answered again, misspelt, given another token, and deleted. */
export async function changePools(fleet: CanaryFleet): Promise<void> {
  const { api } = fleet;
  const { poolToken: token, rotatedPoolToken } = SECRETS;
  const key = { 'idempotency-key': 'the pool' };
  const pool = { name: POOL, token, capacity: 5 };
  const { status, body } = await api.post(POOLS, pool, key);
  expect(status).toBe(201);
  expect((await api.post(POOLS, pool, key)).headers.get('idempotency-replayed')).toBe('true');
  expect((await api.post(POOLS, { ...pool, capacity: 6 }, key)).status).toBe(422);
  expect((await api.post(POOLS, pool)).status).toBe(409);
  expect((await api.post(POOLS, { ...pool, name: '', capacity: -1, note: token })).status).toBe(422);
  expect(await fleet.vault()).toContain(token);

  const path = `${POOLS}/${body.id}`;
  expect((await api.patch(path, { token: rotatedPoolToken })).status).toBe(200);
  expect((await api.patch(path, { token: { text: token } })).status).toBe(422);
  expect(await fleet.vault()).toContain(rotatedPoolToken);
  const other = await api.post(POOLS, { ...pool, name: 'other' });
  expect((await api.delete(`${POOLS}/${other.body.id}`)).status).toBe(204);
  await api.get(path);
}

/** A licence is renewed, given back, and asked for again while the server refuses, quotes what it got, and breaks off. */
export async function changeLicense(
  fleet: CanaryFleet,
  steps: CanarySteps,
  worker: TestWorker,
): Promise<void> {
  const { ownToken: token, unknownToken } = SECRETS;
  const license = `/api/v1/workers/${worker.id}/license`;
  const order = { token, reregister: true };
  expect(await steps.ended('POST', `${license}/renew`)).toMatchObject({ state: 'succeeded' });
  expect(await steps.ended('DELETE', license)).toMatchObject({ state: 'succeeded' });
  expect(await steps.ended('PUT', license, { token: unknownToken })).toMatchObject({
    ...{ state: 'failed', error: { code: 'license-refused' } },
  });

  const session = (await fleet.jwts()).at(-1) ?? '';
  const parts = [token.slice(9, 40), session, session.slice(-40)];
  const description = [
    `Bad input of ${EYES}:`,
    JSON.stringify(order),
    encodeURIComponent(token),
    ...parts,
  ].join(' ');
  const faults: CmlFaultRuleInput[] = [
    { status: 400, description },
    { status: 409, description },
    { status: 502, html: true, description },
    { status: 200, body: { text: `<html>${description}` } },
    { cut: 'mid-answer' },
    { cut: 'before-answer', applied: true },
  ];
  for (const fault of faults) {
    const struck = steps.strike(worker, { ...REGISTRATION, ...fault });
    await steps.ended('PUT', license, order);
    expect(struck.strikes).toBe(1);
  }
  expect(await steps.ended('PUT', license, order)).toMatchObject({ state: 'succeeded' });
  expect(await fleet.vault()).toContain(token);
}
