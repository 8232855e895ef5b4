import { SECRETS } from './canaries';
import { type CanaryFleet } from './canary-fleet';
import { type TestWorker } from './canary-steps';

/** Secrets stand where they do not belong: as other types, in other members, in the query, as a key of the API. */
export async function misplaceSecrets(fleet: CanaryFleet, worker: TestWorker): Promise<void> {
  const { ownToken: token, malformedToken, wrongPassword } = SECRETS;
  const { api } = fleet;
  const license = `/api/v1/workers/${worker.id}/license`;
  const poolId = '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11';
  const query = encodeURIComponent(token);
  const answers = [
    await api.put(license, { token: malformedToken }),
    await api.put(license, { token: { text: token } }),
    await api.put(license, { token: [token], smartServer: `https://u:${token}@ssms.example.com/x y` }),
    await api.put(license, { token, poolId: token, reregister: token, productLicense: token }),
    await api.put(license, { poolId, secret: token }),
    await api.put(`/api/v1/workers/${worker.id}/cml-credentials`, {
      username: 'x',
      password: [wrongPassword],
    }),
    await api.put(`${license}?token=${query}`),
    await api.delete(`${license}?stopLabs=${query}`),
    await api.get(`/api/v1/workers?status=${query}`),
    await api.get(`/api/v1/workers?cursor=${query}`),
    await api.get(`/api/v1/workers?q=${query}`),
    await fleet.as(token).get(license),
    await fleet.as(null).put(license, { token }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([
    ...[422, 422, 422, 422, 422, 422],
    ...[422, 422, 422, 422, 200],
    ...[401, 401],
  ]);
}

/** Bodies are broken before, in and after the secret, are no JSON at all, or too large. */
export async function breakBodies({ api }: CanaryFleet, worker: TestWorker): Promise<void> {
  const { ownToken: token, wrongPassword } = SECRETS;
  const license = `/api/v1/workers/${worker.id}/license`;
  const [head, tail] = [token.slice(0, 40), token.slice(40)];
  const bodies = [
    token,
    // so short that V8 quotes all of it
    token.slice(0, 16),
    `{"token": ${token}}`,
    `{"token": "${head}"${tail}"}`,
    `{"token":"${head}`,
    `{"username": "ops", "password": "${wrongPassword}"}`,
  ];
  for (const body of bodies) {
    expect(await api.put(license, body)).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
  }
  expect((await api.send('PUT', license, token, { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await api.put(license, JSON.stringify({ token: token.repeat(3000) }))).status).toBe(413);
}
