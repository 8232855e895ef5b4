// The whole application over MongoDB, on a socket, with a simulated AWS: as a user runs it but for its ticks.
import { built, require } from './built.mjs';
import { databaseUri } from './database.mjs';

const { getConnectionToken } = require('@nestjs/mongoose');
const { readSettings } = built('config/read-settings');
const { createApp } = built('create-app');
const { rootLogger } = built('http/root-logger');
const { ScaledClock, SystemClock } = built('kernel/clocks');
const { RandomIds } = built('kernel/ids');
const { startSimulator } = built('simulator/start-simulator');

const ADMIN_KEY = 'admin-key-of-the-benches-000000000';
const KEY_RING = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
const REGION = 'eu-west-1';
const CML = { username: 'fleet', password: 'simulated-password' };

/** @param name of its database */
export async function startApplication(name) {
  const machine = new SystemClock();
  const clock = new ScaledClock(machine, machine.now(), 1);
  const simulator = await startSimulator({
    ...{ clock, machine, ids: new RandomIds(), regions: [REGION], cml: CML },
    accountId: '123456789012',
  });
  for (const service of ['EC2', 'STS', 'CLOUDWATCH']) {
    process.env[`AWS_ENDPOINT_URL_${service}`] = simulator.awsEndpoint;
  }
  process.env.AWS_ACCESS_KEY_ID = process.env.AWS_SECRET_ACCESS_KEY = 'simulated';
  const settings = readSettings({
    FLEET_MONGODB_URI: databaseUri(name),
    FLEET_SECRETS_KEYS: KEY_RING,
    FLEET_BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
    FLEET_REGIONS: REGION,
    FLEET_RATE_LIMIT_PER_MINUTE: '1000000',
  });
  const logger = rootLogger({ level: 'info', destination: { write: () => true } });
  const app = await createApp(settings, logger, { autostart: false });
  await app.listen(0, '127.0.0.1');
  const connection = app.get(getConnectionToken(), { strict: false });
  return {
    ...{ app, connection, url: await app.getUrl(), key: ADMIN_KEY, region: REGION },
    async close() {
      await connection.dropDatabase();
      await app.close();
      await simulator.stop();
    },
  };
}
