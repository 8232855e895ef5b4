// One measurement of bench/sweep.mjs in a process of its own, so that its memory is its own: a fleet of so many running
// workers in four regions, swept again and again. Prints one line of JSON.
// node --expose-gc bench/sweep-process.mjs <workers>
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { clearInterval, setInterval } from 'node:timers';
import { URL } from 'node:url';
import { built, require } from './built.mjs';
import { databaseUri } from './database.mjs';
import { median } from './measure.mjs';

const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-south-1'];
const SWEEPS = 5;
const workers = Number(process.argv[2]);

const { QueryBus } = require('@nestjs/cqrs');
const { getConnectionToken } = require('@nestjs/mongoose');
const { readSettings } = built('config/read-settings');
const { createApp } = built('create-app');
const { rootLogger } = built('http/root-logger');
const { TelemetrySchedules } = built('telemetry/application/telemetry.schedules');
const { GetObservations } = built('telemetry/application/get-observations.query');
const { WorkersSchedules } = built('workers/application/workers.schedules');
const { storeCollection } = built('event-store/mongo/collections');

async function startServer() {
  const server = fork(new URL('sweep-simulator.mjs', import.meta.url), [String(workers), ...REGIONS]);
  const [{ url, instances }] = await once(server, 'message');
  for (const service of ['EC2', 'STS', 'CLOUDWATCH']) process.env[`AWS_ENDPOINT_URL_${service}`] = url;
  process.env.AWS_ACCESS_KEY_ID = process.env.AWS_SECRET_ACCESS_KEY = 'simulated';
  const calls = async () => {
    server.send('calls');
    const [answer] = await once(server, 'message');
    return answer.calls;
  };
  return { calls, instances, stop: () => server.disconnect() };
}

async function fill(instances) {
  const filler = fork(new URL('sweep-fleet.mjs', import.meta.url), [uri]);
  filler.send(instances);
  const [code] = await once(filler, 'exit');
  if (code !== 0) throw new Error('the workers could not be put into the database');
}

/** Wall and processor seconds of some work, and the most memory over `idle` in it, megabytes. */
async function measured(idle, work) {
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  const [start, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  clearInterval(look);
  most = Math.max(most, process.memoryUsage().rss);
  return {
    wall: (performance.now() - start) / 1e3,
    cpu: (user + system) / 1e6,
    rss: (most - idle) / 2 ** 20,
  };
}

const uri = databaseUri(`sweep_${workers}`);
const server = await startServer();
const settings = readSettings({
  FLEET_MONGODB_URI: uri,
  FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  FLEET_BOOTSTRAP_ADMIN_KEY: 'admin-key-of-the-benches-000000000',
  FLEET_REGIONS: REGIONS.join(),
});
const logger = rootLogger({ level: 'warn', destination: { write: (line) => !process.stderr.write(line) } });
const app = await createApp(settings, logger, { autostart: false });
await app.init();
const connection = app.get(getConnectionToken(), { strict: false });
try {
  await fill(server.instances.splice(0));
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  const { observe, observeMetrics } = app.get(TelemetrySchedules, { strict: false });
  const { reconcile } = app.get(WorkersSchedules, { strict: false });
  const first = await measured(idle, () => observe.run());
  const calls = await server.calls();
  const next = [];
  for (let n = 0; n < SWEEPS; n += 1) next.push(await measured(idle, () => observe.run()));
  const middle = (of) => median(next.map(of));
  const sweep = {
    wall: middle(({ wall }) => wall),
    cpu: middle(({ cpu }) => cpu),
    rss: Math.max(...next.map(({ rss }) => rss)),
  };
  const observed = await storeCollection(connection, 'worker_observations').countDocuments();
  const metrics = await measured(idle, () => observeMetrics.run());
  const reconciled = await measured(idle, () => reconcile.run());
  const ids = (await storeCollection(connection, 'workers').find().toArray()).map(({ _id }) => _id);
  const judged = await measured(idle, () => app.get(QueryBus).execute(new GetObservations(ids)));
  console.log(
    JSON.stringify({
      workers,
      regions: REGIONS.length,
      calls,
      observed,
      first,
      sweep,
      metrics,
      reconciled,
      judged,
    }),
  );
} finally {
  await connection.dropDatabase();
  await app.close();
  server.stop();
}
