import { type CmlFaultRuleInput } from '../../src/simulator/cml/faults/cml-fault-rule';
import { eventually } from '../support/eventually';
import { EYES, SECRETS } from './canaries';
import { type CanaryFleet } from './canary-fleet';
import { type CanarySteps, type TestWorker, WITHIN_MS } from './canary-steps';

const LOGIN: CmlFaultRuleInput = { methods: ['POST'], paths: ['/auth_extended'] };

/** A server is asked by accounts of its own: it quotes the login that it refuses, knows another password, takes one. */
export async function changeAccount(
  fleet: CanaryFleet,
  steps: CanarySteps,
  worker: TestWorker,
): Promise<void> {
  const { ownPassword, wrongPassword } = SECRETS;
  const { api, simulator, evidence } = fleet;
  const path = `/api/v1/workers/${worker.id}`;
  const put = (body: object) => api.put(`${path}/cml-credentials`, body);
  const untilError = (text: string) =>
    eventually(async () => {
      const { body } = await api.get(`${path}/observations`);
      expect(body.sources['cml-system'].lastError?.message).toContain(text);
    }, WITHIN_MS);

  const wrong = { username: 'ops', password: wrongPassword };
  simulator.world.server(worker.awsInstanceId).setAccount('ops', ownPassword);
  const parts = [encodeURIComponent(wrongPassword), wrongPassword.slice(3, 30)];
  const description = [`Bad login at ${EYES}:`, ...parts, JSON.stringify(wrong)].join(' ');
  for (const status of [400, 500]) {
    const struck = steps.strike(worker, { ...LOGIN, status, description });
    // a session of another account, which does not wait since the last refusal
    await put({ ...wrong, username: `ops-${status}` });
    await untilError(`HTTP ${status}`);
    expect(struck.strikes).toBe(1);
  }
  expect((await put(wrong)).status).toBe(200);
  expect(await fleet.vault()).toContain(wrongPassword);
  await untilError('refuses the user name "ops"');
  await evidence.addDatabase(fleet.database.connection, 'after failed logins');

  const right = { ...wrong, password: ownPassword };
  expect((await put(right)).body).toMatchObject({ cmlUsername: 'ops' });
  expect(await fleet.vault()).toContain(ownPassword);
  await steps.until(path, { canConnect: true });
  expect((await put({ ...right, passwrod: ownPassword })).status).toBe(422);
  expect((await put({ ...right, username: [ownPassword] })).status).toBe(422);
  expect((await api.delete(`${path}/cml-credentials`)).body).toMatchObject({ cmlUsername: null });
}
