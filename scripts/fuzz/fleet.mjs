// The application as a process of its own, in memory, on a simulated AWS: what is fuzzed, and its account of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { clearTimeout, setTimeout } from 'node:timers';
import { root } from '../compiling.mjs';
import '../compile.mjs';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const built = (path) => require(`../../.build/${path}.js`);
const { ScaledClock, SystemClock } = built('kernel/clocks');
const { RandomIds } = built('kernel/ids');
const { startSimulator } = built('simulator/start-simulator');

export const REGION = 'eu-west-1';
export const ADMIN_KEY = 'admin-key-of-the-fuzzing-0000000000';
const CML = { username: 'fleet', password: 'simulated-password' };
/** Fleet seconds in a second: a server is up in less than a minute, and ticks do not take the machine. */
const SPEED = 20;
const CML_CODES = ['cml-unavailable', 'cml-refused'];
const START_WITHIN_MS = 120_000;

/**
 * The requests of a process by its own log. `answered` counts them by status; `troubles` are the lines with an error and
 * those of requests that were answered by 5xx, but for what a CML server is the cause of.
 */
export class RequestLog {
  answered = new Map();
  troubles = [];
  ofCml = new Set();

  take(line) {
    if (line.msg === 'request answered' || line.msg === 'stream ended') {
      this.answered.set(line.status, (this.answered.get(line.status) ?? 0) + 1);
    }
    // told before the line of the request: a CML server that cannot be asked just now is no fault of the program
    if (line.err && CML_CODES.includes(line.code)) this.ofCml.add(line.correlationId);
    else if (line.err || (line.status >= 500 && !this.ofCml.delete(line.correlationId))) {
      this.troubles.push(line);
    }
  }

  get total() {
    return [...this.answered.values()].reduce((sum, count) => sum + count, 0);
  }
}

export async function startFleet() {
  const epoch = new Date();
  const simulator = await startSimulator({
    clock: new ScaledClock(new SystemClock(), epoch, SPEED),
    ids: new RandomIds(),
    regions: [REGION],
    accountId: '123456789012',
    cml: CML,
  });
  const requests = new RequestLog();
  const child = spawn(process.execPath, [`${root}/.build/main.js`], {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment(simulator, epoch) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listening(child, requests);
  return {
    ...{ simulator, url, requests },
    async stop() {
      const exited = child.exitCode === null ? once(child, 'exit') : [];
      child.kill('SIGTERM');
      await exited;
      await simulator.stop();
      return child.exitCode;
    },
  };
}

function environment({ awsEndpoint, cmlProxy }, epoch) {
  return {
    FLEET_PORT: '0',
    FLEET_PERSISTENCE: 'memory',
    FLEET_BOOTSTRAP_ADMIN_KEY: ADMIN_KEY,
    FLEET_REGIONS: REGION,
    FLEET_CLOCK_EPOCH: epoch.toISOString(),
    FLEET_CLOCK_SPEED: String(SPEED),
    // who is refused for asking too often learns nothing of the rest
    FLEET_RATE_LIMIT_PER_MINUTE: '1000000',
    FLEET_ADDRESS_RATE_LIMIT_PER_MINUTE: '1000000',
    FLEET_REQUEST_TAGS: 'use:lab',
    FLEET_REQUEST_USERS_PER_WORKER: '1000',
    FLEET_USER_WORKERS: '1000',
    FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32',
    FLEET_AWS_API_SHARE_PERCENT: '1000',
    // what has ids is to stay
    FLEET_IDLE_DRY_RUN: 'true',
    FLEET_LOG_FORMAT: 'json',
    FLEET_CML_USERNAME: CML.username,
    FLEET_CML_PASSWORD: CML.password,
    FLEET_CML_PROXY: cmlProxy,
    AWS_ENDPOINT_URL_EC2: awsEndpoint,
    AWS_ENDPOINT_URL_STS: awsEndpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: awsEndpoint,
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
  };
}

/** The address that the process says it serves at; from then on its log is read. */
function listening(child, requests) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the application did not serve within ${START_WITHIN_MS} ms`));
    }, START_WITHIN_MS);
    child.once('exit', (code) => reject(new Error(`the application ended with ${code} before it served`)));
    createInterface(child.stdout).on('line', (text) => {
      const line = text.startsWith('{') ? JSON.parse(text) : {};
      requests.take(line);
      if (typeof line.url !== 'string') return;
      clearTimeout(late);
      resolve(line.url);
    });
  });
}
