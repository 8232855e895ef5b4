// Asks everything of the API that its document allows and much that it does not, with an admin key and without one, by
// schemathesis, and fails on any 5xx and on any answer that the document does not tell of.
// npm run test:fuzz [-- --short] [--seed 1]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configure } from './fuzz/configuration.mjs';
import { askStream } from './fuzz/event-stream.mjs';
import { ADMIN_KEY, startFleet } from './fuzz/fleet.mjs';
import { settle } from './fuzz/inhabitants.mjs';

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
});
const LEAST_REQUESTS = options.short ? 1_000 : 20_000;
const LONG = { withKey: ['examples,coverage,fuzzing', 60], without: ['coverage,fuzzing', 20] };
const SHORT = { withKey: ['examples,fuzzing', 8], without: ['fuzzing', 4] };
const CUTS_OFF = '/(certificate|cml-credentials)$';
const SHOWN_TROUBLES = 20;

const schemathesis = execFileSync(join(import.meta.dirname, 'schemathesis.sh'), { encoding: 'utf8' }).trim();
const folder = mkdtempSync(join(tmpdir(), 'cml-fleet-fuzz-'));
const fleet = await startFleet();
const failures = [];
let ownKeyId;
try {
  const document = await ask('GET', '/docs/openapi.json');
  ownKeyId = (await ask('GET', '/api/v1/me')).actor.replace('api-key:', '');
  const files = configure(folder, document, await settle(fleet.simulator, ask, document));
  const plan = options.short ? SHORT : LONG;
  failures.push(...(await askStream(fleet.url, ADMIN_KEY)));
  const admin = ['-H', `Authorization: Bearer ${ADMIN_KEY}`];
  // at last what keeps the fleet from talking with servers: of them labs are then answered by 502, rightly
  await round('with an admin key', files, plan.withKey, [...admin, '--exclude-path-regex', CUTS_OFF]);
  await round('with an admin key, what cuts servers off', files, plan.withKey, [
    ...[...admin, '--include-path-regex', CUTS_OFF],
  ]);
  // a key that was lost on the way would have made all answers the same
  await ask('GET', '/api/v1/me');
  await round('without a key', files, plan.without, []);
} finally {
  const status = await fleet.stop();
  if (status !== 0) failures.push(`the application ended with ${status}`);
  rmSync(folder, { recursive: true });
}
report(fleet.requests);
process.exitCode = failures.length > 0 ? 1 : 0;

async function ask(method, path, body) {
  const answer = await fetch(`${fleet.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered by ${answer.status}: ${text}`);
  return JSON.parse(text);
}

async function round(name, files, [phases, examples], further) {
  const before = fleet.requests.total;
  const began = performance.now();
  const child = spawn(
    schemathesis,
    [
      ...['--config-file', files.settings, 'run', files.document, '--url', fleet.url, '--no-color'],
      ...['--phases', phases, '--max-examples', String(examples), '--seed', options.seed, '--workers', '1'],
      // all checks are on; --checks would go before what the settings say of some
      ...['--continue-on-failure', '--generation-database', 'none'],
      ...['--suppress-health-check', 'all', '--warnings', 'off', ...further],
    ],
    // its folders for caches and reports go with the rest
    {
      ...{ cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'fuzz/hooks.py'),
        FUZZ_OWN_KEY_ID: ownKeyId,
      },
    },
  );
  const [status] = await once(child, 'exit');
  if (status !== 0) failures.push(`schemathesis, ${name}: see above (exit status ${status})`);
  const seconds = (performance.now() - began) / 1_000;
  const count = fleet.requests.total - before;
  console.log(`${name}: ${count} requests in ${seconds.toFixed(0)} s, ${(count / seconds).toFixed(0)}/s\n`);
}

function report({ answered, total, troubles }) {
  const byStatus = [...answered].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  console.log(`${total} requests were answered: ${byStatus.join(', ')}`);
  if (total < LEAST_REQUESTS) failures.push(`${total} requests are fewer than ${LEAST_REQUESTS}`);
  if (troubles.length > 0) failures.push(`${troubles.length} lines of the log tell of errors`);
  for (const line of troubles.slice(0, SHOWN_TROUBLES)) console.error(JSON.stringify(line));
  for (const failure of failures) console.error(`failed: ${failure}`);
}
