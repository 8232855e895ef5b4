import { type Simulator } from '../simulator/start-simulator';
import { REGIONS } from './cast';

type Environment = Readonly<Record<string, string | undefined>>;

export const CML_ACCOUNT = { username: 'fleet', password: 'fleet-simulated' };

/** Two fleet minutes pass in a second. */
const SPEED = '120';

/** Time of the demo: what the environment says, or fast from now on. */
export function demoClock(env: Environment): Record<'FLEET_CLOCK_EPOCH' | 'FLEET_CLOCK_SPEED', string> {
  return {
    FLEET_CLOCK_EPOCH: env['FLEET_CLOCK_EPOCH'] ?? new Date().toISOString(),
    FLEET_CLOCK_SPEED: env['FLEET_CLOCK_SPEED'] ?? SPEED,
  };
}

/** Where the SDK finds the simulated AWS: it reads the environment of the process itself. */
export function awsEnvironment({ awsEndpoint }: Simulator): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_EC2: awsEndpoint,
    AWS_ENDPOINT_URL_STS: awsEndpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: awsEndpoint,
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
  };
}

/** The demo's settings: every one can be set otherwise, but those that lead to the simulator. */
export function demoEnvironment(env: Environment, simulator: Simulator): Record<string, string | undefined> {
  return {
    FLEET_PERSISTENCE: 'memory',
    FLEET_LOG_LEVEL: 'info',
    // the demo itself asks often, with the key that it shows
    FLEET_RATE_LIMIT_PER_MINUTE: '100000',
    // the budget of calls keeps machine time, and all workers are launched at once
    FLEET_AWS_API_SHARE_PERCENT: '1000',
    // cron keeps machine time, in which fleet minutes are short
    FLEET_REAPER_CRON: '* * * * * *',
    // five seconds of machine time: a busy laptop must not look like a silent server
    FLEET_IDLE_MAX_READING_AGE_SECONDS: '600',
    ...env,
    ...demoClock(env),
    ...awsEnvironment(simulator),
    FLEET_REGIONS: REGIONS.join(','),
    FLEET_CML_USERNAME: CML_ACCOUNT.username,
    FLEET_CML_PASSWORD: CML_ACCOUNT.password,
    FLEET_CML_PROXY: simulator.cmlProxy,
  };
}
