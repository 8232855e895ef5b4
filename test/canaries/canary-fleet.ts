import { ScaledClock, SystemClock } from '../../src/kernel/clocks';
import { RandomIds } from '../../src/kernel/ids';
import { SecretCipher } from '../../src/secrets';
import { type SealedSecret } from '../../src/secrets/secret-cipher';
import { storeCollection } from '../../src/event-store';
import { CmlTokens } from '../../src/simulator/cml/cml-tokens';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator';
import { type Receiver, startReceiver } from '../../src/webhooks/testing/receiver';
import { type AppProcess, compileApp, startApp } from '../support/app-process';
import { type CliResult, runCliProcess } from '../support/cli-process';
import { connect, type SseConnection } from '../support/sse-client';
import { openTestDatabase, type TestDatabase } from '../support/test-database';
import { type Canary } from './canary';
import { canaryOfJwt, EYES, knownCanaries, RING, SECRETS } from './canaries';
import { Evidence } from './evidence';
import { RecordingClient } from './recording-client';

export const REGION = 'eu-west-1';
export const POOL = 'campus';
/** A fleet minute takes two seconds: a busy machine must send what was stored for a licence within half a one. */
const SPEED = 30;

/** The whole product with everybody around it, all of whom keep what they get. */
export class CanaryFleet {
  readonly evidence = new Evidence();
  /** all that must not be found; those that come later are added */
  readonly canaries: Canary[] = knownCanaries();
  private readonly issued = jest.spyOn(CmlTokens.prototype, 'issue');
  /** the bootstrap admin's */
  api!: RecordingClient;
  private app!: AppProcess;
  private stream: SseConnection | null = null;
  private readonly reading: Promise<void>[] = [];
  private ring = RING.old.entry;
  private starts = 0;

  private constructor(
    readonly simulator: Simulator,
    readonly database: TestDatabase,
    readonly receiver: Receiver,
    private readonly epoch: Date,
  ) {}

  static async start(): Promise<CanaryFleet> {
    compileApp();
    const epoch = new Date();
    const simulator = await startSimulator({
      clock: new ScaledClock(new SystemClock(), epoch, SPEED),
      ids: new RandomIds(),
      regions: [REGION],
      accountId: '123456789012',
      cml: { username: 'fleet', password: SECRETS.fleetPassword },
      timings: { bootSeconds: 5, cmlBootSeconds: 15, stopSeconds: 5, terminateSeconds: 5 },
    });
    const fleet = new CanaryFleet(simulator, await openTestDatabase(), await startReceiver(), epoch);
    await fleet.serve();
    return fleet;
  }

  /** kill -9, and a new process on the same database, with a new key before the old one. */
  async crashAndBringNewKey(): Promise<void> {
    await this.app.kill();
    this.ring = `${RING.new.entry},${RING.old.entry}`;
    await this.serve();
  }

  /** @param ring what the tool has as FLEET_SECRETS_KEYS; left out: what the application has */
  async cli(args: readonly string[], ring = this.ring): Promise<CliResult> {
    const result = await runCliProcess({ ...this.env(), FLEET_SECRETS_KEYS: ring }, ...args);
    this.evidence.add('command line', args.join(' '), `${result.out}\n${result.err}`);
    return result;
  }

  /** Somebody else's requests. @param key null: without one */
  as(key: string | null): RecordingClient {
    return new RecordingClient(this.api.url, key, this.evidence, EYES);
  }

  /** Every session token that a CML server has issued. */
  jwts(): Promise<string[]> {
    return Promise.all(this.issued.mock.results.map(({ value }) => value as Promise<string>));
  }

  /** What the vault has, decrypted: what is stored encrypted must be there, or the search would prove nothing. */
  async vault(): Promise<string[]> {
    const rows = storeCollection<SealedSecret & { _id: string }>(this.database.connection, 'secrets');
    const cipher = new SecretCipher(Object.values(RING));
    const found = await rows.find().toArray();
    return Promise.all(found.map(async (row) => (await cipher.open(row._id, row)).reveal()));
  }

  /** Ends the application in order; what it and others got is evidence then. */
  async end(): Promise<void> {
    await this.app.stop();
    await Promise.all(this.reading);
    for (const [n, jwt] of (await this.jwts()).entries()) {
      this.canaries.push(canaryOfJwt(`session ${n + 1} of a CML server`, jwt));
    }
    for (const { method, path, headers, body } of this.receiver.received) {
      const of = String(headers['webhook-id']);
      this.evidence.add('delivery headers', of, `${method} ${path} ${JSON.stringify(headers)}`);
      this.evidence.add('delivery body', of, body);
    }
  }

  async close(): Promise<void> {
    this.stream?.close();
    await this.app.kill();
    await Promise.all([this.simulator.stop(), this.receiver.close(), this.database.drop()]);
    this.issued.mockRestore();
  }

  private async serve(): Promise<void> {
    this.starts += 1;
    this.app = await startApp(this.env());
    const { url, output } = this.app;
    this.evidence.follow('output', `process ${this.starts}`, output);
    this.api = new RecordingClient(url, SECRETS.adminKey, this.evidence, EYES);
    const lastEventId = this.stream?.lastEventId ?? null;
    const address = `${url}/api/v1/events/stream`;
    this.stream = await connect({ url: address, key: SECRETS.adminKey, lastEventId });
    this.reading.push(this.read(this.stream, `the event stream of process ${this.starts}`));
  }

  private async read(stream: SseConnection, of: string): Promise<void> {
    this.evidence.add('stream', of, JSON.stringify(stream.headers));
    for await (const message of stream) this.evidence.add('stream', of, JSON.stringify(message));
  }

  private env(): Record<string, string> {
    const { awsEndpoint, cmlProxy } = this.simulator;
    return {
      FLEET_LOG_LEVEL: 'trace',
      FLEET_PERSISTENCE: 'mongo',
      FLEET_MONGODB_URI: this.database.uri,
      FLEET_SECRETS_KEYS: this.ring,
      FLEET_BOOTSTRAP_ADMIN_KEY: SECRETS.adminKey,
      FLEET_REGIONS: REGION,
      FLEET_CLOCK_EPOCH: this.epoch.toISOString(),
      FLEET_CLOCK_SPEED: String(SPEED),
      FLEET_OBSERVE_SECONDS: '15',
      FLEET_RECONCILE_SECONDS: '10',
      FLEET_CML_ACTIVITY_SECONDS: '60',
      FLEET_CML_LICENSE_SECONDS: '60',
      FLEET_RATE_LIMIT_PER_MINUTE: '1000000',
      FLEET_ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000',
      FLEET_AWS_API_SHARE_PERCENT: '1000',
      FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      FLEET_LICENSE_POOL: POOL,
      // one way to people that works, and two where nobody is: what is said of those must not hold their secrets
      FLEET_PUBLIC_URL: 'https://fleet.example.com',
      FLEET_NOTICE_WEBHOOK_URL: this.receiver.url,
      FLEET_NOTICE_WEBHOOK_SECRET: `whsec_${SECRETS.noticeSigning}`,
      FLEET_NOTICE_SLACK_URL: `http://127.0.0.1:1/${SECRETS.roomPath}`,
      FLEET_SMTP_URL: `smtp://fleet:${encodeURIComponent(SECRETS.mailPassword)}@127.0.0.1:1`,
      FLEET_NOTICE_EMAIL_FROM: 'fleet@example.com',
      FLEET_NOTICE_EMAIL_TO: 'people@example.com',
      FLEET_CML_USERNAME: 'fleet',
      FLEET_CML_PASSWORD: SECRETS.fleetPassword,
      FLEET_CML_PROXY: cmlProxy,
      AWS_ENDPOINT_URL_EC2: awsEndpoint,
      AWS_ENDPOINT_URL_STS: awsEndpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: awsEndpoint,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: SECRETS.awsSecretKey,
    };
  }
}
