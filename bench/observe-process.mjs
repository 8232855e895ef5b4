// One measurement of bench/observe.mjs in a process of its own: the application with its CML adapter over MongoDB, whose
// tick reads the servers of four regions. Prints one line of JSON.
// node --expose-gc bench/observe-process.mjs <servers> <seconds to warm up> <seconds>
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { URL } from 'node:url';
import { agesOf } from './observed-ages.mjs';
import { built, require } from './built.mjs';
import { databaseUri } from './database.mjs';

const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-south-1'];
const [servers, warmUp, seconds] = process.argv.slice(2).map(Number);
const BAD = Math.floor(servers / 10);

const { createConnection } = require('mongoose');
const { readSettings } = built('config/read-settings');
const { createApp } = built('create-app');
const { each } = built('event-store/schedule');
const { rootLogger } = built('http/root-logger');
const { FleetClock } = built('kernel/clocks');
const { cadenceOf, TELEMETRY_OPTIONS } = built('telemetry/application/telemetry.options');
const { cmlTurnMs } = built('telemetry/application/observe-cml.command');
const { TelemetrySchedules } = built('telemetry/application/telemetry.schedules');
const { ObservationStore } = built('telemetry/domain/ports');

async function startServers() {
  const given = [servers, BAD, BAD, ...REGIONS].map(String);
  const simulator = fork(new URL('observe-simulator.mjs', import.meta.url), given);
  const [told] = await once(simulator, 'message');
  const figures = async () => {
    simulator.send('figures');
    const [answer] = await once(simulator, 'message');
    return answer;
  };
  return { ...told, figures, stop: () => simulator.disconnect() };
}

async function fill(uri, of) {
  const filler = fork(new URL('observe-fleet.mjs', import.meta.url), [uri]);
  filler.send(of);
  const [code] = await once(filler, 'exit');
  if (code !== 0) throw new Error('the workers could not be put into the database');
}

/** Everything that is stored from now on: by whom and what, when the reading was begun, and when it was there. */
function storedBy(store) {
  const stored = [];
  const save = store.save.bind(store);
  store.save = async (readings) => {
    await save(readings);
    const at = Date.now();
    for (const { workerId, source, observedAt, lastError } of readings) {
      stored.push({ workerId, source, at, begunAt: lastError ? null : observedAt.getTime() });
    }
  };
  return stored;
}

const uri = databaseUri(`observe_${servers}`);
const simulated = await startServers();
for (const service of ['EC2', 'STS', 'CLOUDWATCH']) {
  process.env[`AWS_ENDPOINT_URL_${service}`] = simulated.awsEndpoint;
}
process.env.AWS_ACCESS_KEY_ID = process.env.AWS_SECRET_ACCESS_KEY = 'simulated';
const settings = readSettings({
  FLEET_MONGODB_URI: uri,
  FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  FLEET_BOOTSTRAP_ADMIN_KEY: 'admin-key-of-the-benches-000000000',
  FLEET_REGIONS: REGIONS.join(),
  FLEET_CML_USERNAME: simulated.cml.username,
  FLEET_CML_PASSWORD: simulated.cml.password,
  FLEET_CML_PROXY: simulated.cmlProxy,
});
await fill(uri, simulated.servers);
const logger = rootLogger({ level: 'error', destination: { write: (line) => !process.stderr.write(line) } });
const app = await createApp(settings, logger, { autostart: false });
await app.init();
try {
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  const stored = storedBy(app.get(ObservationStore, { strict: false }));
  const { observeCml } = app.get(TelemetrySchedules, { strict: false });
  observeCml.follow({ ...each(cmlTurnMs(app.get(FleetClock, { strict: false }))), sticky: true });
  await pause(warmUp * 1_000);
  const [from, before, used, simulator] = [
    Date.now(),
    stored.length,
    process.cpuUsage(),
    await simulated.figures(),
  ];
  const loop = monitorEventLoopDelay();
  loop.enable();
  await pause(seconds * 1_000);
  const { user, system } = process.cpuUsage(used);
  const [until, observations] = [Date.now(), stored.length - before];
  const [{ logins, cpu: simulatorCpu }, rss] = [await simulated.figures(), process.memoryUsage().rss];
  const good = simulated.servers.filter((one) => one.good).map(({ workerId }) => workerId);
  const cadence = cadenceOf(app.get(TELEMETRY_OPTIONS, { strict: false }));
  const figures = {
    ...{ servers, bad: BAD, good: good.length, seconds, observations, logins },
    ages: agesOf(stored, good, cadence, { from, until }),
    cpu: (user + system) / 1e6,
    simulatorCpu: simulatorCpu - simulator.cpu,
    loopMs: loop.percentile(99) / 1e6,
    rss: [idle, rss].map((bytes) => bytes / 2 ** 20),
  };
  await observeCml.stop();
  console.log(JSON.stringify(figures));
} finally {
  await app.close();
  const connection = await createConnection(uri).asPromise();
  await connection.dropDatabase();
  await connection.close();
  simulated.stop();
}
