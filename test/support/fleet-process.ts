import { ScaledClock, SystemClock } from '../../src/kernel/clocks';
import { RandomIds } from '../../src/kernel/ids';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator';

export const REGION = 'eu-west-1';
export const ADMIN_KEY = 'admin-key-of-the-tests-00000000000';

const CML = { username: 'fleet', password: 'simulated-password' };

/** A simulated AWS for application processes, in which time passes faster. */
export interface SimulatedFleet {
  readonly simulator: Simulator;
  /** Machine time of a fleet time, in milliseconds since 1970. */
  machineMs(fleetTime: Date): number;
  /** What an application process needs to work on it, with this database. */
  env(mongoUri: string, more?: Readonly<Record<string, string>>): Record<string, string>;
}

/** @param speed fleet seconds in a second */
export async function startSimulatedFleet(speed: number): Promise<SimulatedFleet> {
  const epoch = new Date();
  const simulator = await startSimulator({
    clock: new ScaledClock(new SystemClock(), epoch, speed),
    ids: new RandomIds(),
    regions: [REGION],
    accountId: '123456789012',
    cml: CML,
  });
  const { awsEndpoint, cmlProxy } = simulator;
  return {
    simulator,
    machineMs: (time) => epoch.getTime() + (time.getTime() - epoch.getTime()) / speed,
    env: (mongoUri, more = {}) => ({
      FLEET_PERSISTENCE: 'mongo',
      FLEET_MONGODB_URI: mongoUri,
      FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      FLEET_BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
      FLEET_REGIONS: REGION,
      FLEET_CLOCK_EPOCH: epoch.toISOString(),
      FLEET_CLOCK_SPEED: String(speed),
      FLEET_RATE_LIMIT_PER_MINUTE: '1000000',
      FLEET_ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000',
      FLEET_AWS_API_SHARE_PERCENT: '1000',
      FLEET_CML_USERNAME: CML.username,
      FLEET_CML_PASSWORD: CML.password,
      FLEET_CML_PROXY: cmlProxy,
      AWS_ENDPOINT_URL_EC2: awsEndpoint,
      AWS_ENDPOINT_URL_STS: awsEndpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: awsEndpoint,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      ...more,
    }),
  };
}
