import { compileApp, startApp } from './support/app-process';

beforeAll(() => compileApp());

it('a process in production does not start with insecure settings, and says which and why', async () => {
  const key = 'hunter2-'.repeat(5);
  const insecure = {
    ...{ NODE_ENV: 'production', FLEET_PERSISTENCE: 'memory', FLEET_CML_TLS: 'insecure' },
    ...{ FLEET_BOOTSTRAP_ADMIN_KEY: key, FLEET_ALLOW_INSECURE: 'FLEET_PERSISTENCE' },
  };
  const refused = await startApp(insecure).then(
    (app) => app.kill().then(() => 'it served'),
    (error: Error) => error.message,
  );
  expect(refused).toContain('ended with 1 before it served');
  expect(refused).toMatch(/FLEET_CML_TLS=insecure .*Remedy.*\n.*FLEET_BOOTSTRAP_ADMIN_KEY can be guessed/);
  expect(refused).not.toMatch(/hunter2|at .*\.js/);
});
