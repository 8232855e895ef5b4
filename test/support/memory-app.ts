import { type NestExpressApplication } from '@nestjs/platform-express';
import { readSettings } from '../../src/config/read-settings';
import { createApp } from '../../src/create-app';
import { Authenticator, type Grant, type Principal, rootLogger } from '../../src/http';
import { ManualClock } from '../../src/kernel/clocks';
import { SequentialIds } from '../../src/kernel/ids';
import { NoTracer, type Tracer } from '../../src/kernel/tracing';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator';
import { ApiClient } from './api-client';

const ADMIN_KEY = 'admin-key-of-the-tests-00000000000';
const REGIONS = ['eu-west-1', 'us-east-1'];
const CML = { username: 'fleet', password: 'simulated-password' };

export interface MemoryApp {
  readonly app: NestExpressApplication;
  readonly simulator: Simulator;
  readonly clock: ManualClock;
  /** everything that was logged */
  readonly log: readonly string[];
  as(key: string | null): ApiClient;
  readonly admin: ApiClient;
  /** A key of the role, made over the API. */
  keyOf(role: string): Promise<string>;
  /** A caller with these grants, whom no key stands for. */
  asHolderOf(...grants: Grant[]): MadeUpCaller;
  close(): Promise<void>;
}

export interface MadeUpCaller extends ApiClient {
  readonly token: string;
  /** what the next requests may do */
  grants: Grant[];
}

/** Has the application know callers that a test makes up, besides those who have keys. */
function makeUpCallers(authenticator: Authenticator) {
  const callers = new Map<string, () => Principal>();
  const known = {
    authenticate: authenticator.authenticate.bind(authenticator),
    isStillValid: authenticator.isStillValid.bind(authenticator),
  };
  authenticator.authenticate = (bearer) =>
    Promise.resolve(callers.get(bearer)?.() ?? known.authenticate(bearer));
  authenticator.isStillValid = (principal) =>
    principal.actor.startsWith('test:') || known.isStillValid(principal);
  return (url: string, ...given: Grant[]): MadeUpCaller => {
    const token = `made-up-${callers.size}`;
    const caller = Object.assign(new ApiClient(url, token), { token, grants: given });
    const principal = () => ({ actor: `test:${token}`, name: token, grants: caller.grants, expiresAt: null });
    callers.set(token, principal);
    return caller;
  };
}

/** The whole application in this process, in memory, on a clock that stands still; its ticks are run by hand. */
export async function startMemoryApp(
  env: Record<string, string> = {},
  { tracer = new NoTracer() }: { readonly tracer?: Tracer } = {},
): Promise<MemoryApp> {
  const clock = new ManualClock(new Date('2027-01-15T08:00:00.000Z'));
  const simulator = await startSimulator({
    ...{ clock, machine: clock, ids: new SequentialIds(), regions: REGIONS, cml: CML },
    accountId: '123456789012',
  });
  for (const service of ['EC2', 'STS', 'CLOUDWATCH']) {
    process.env[`AWS_ENDPOINT_URL_${service}`] = simulator.awsEndpoint;
  }
  process.env.AWS_ACCESS_KEY_ID = process.env.AWS_SECRET_ACCESS_KEY = 'simulated';
  const settings = readSettings({
    FLEET_PERSISTENCE: 'memory',
    FLEET_BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
    FLEET_REGIONS: REGIONS.join(','),
    FLEET_RATE_LIMIT_PER_MINUTE: '1000000',
    FLEET_ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000',
    // no token comes back on a clock that stands still
    FLEET_AWS_API_SHARE_PERCENT: '1000',
    FLEET_CML_USERNAME: CML.username,
    FLEET_CML_PASSWORD: CML.password,
    FLEET_CML_PROXY: simulator.cmlProxy,
    ...env,
  });
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = rootLogger({ level: 'info', destination, traceId: () => tracer.traceId });
  const app = await createApp(settings, logger, {
    clocks: { fleet: clock, machine: clock },
    autostart: false,
    tracer,
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const as = (key: string | null) => new ApiClient(url, key);
  const made = makeUpCallers(app.get(Authenticator, { strict: false }));
  const admin = as(ADMIN_KEY);
  return {
    ...{ app, simulator, clock, log, as, admin },
    keyOf: async (role) => {
      const made = await admin.post('/api/v1/api-keys', { name: role, role });
      return made.body.key as string;
    },
    asHolderOf: (...grants) => made(url, ...grants),
    close: async () => {
      await app.close();
      await simulator.stop();
    },
  };
}
