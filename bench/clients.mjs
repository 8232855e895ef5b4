// 500 clients at once against the application as a process of its own, over MongoDB and beside its ticks: answers that were
// not as they should be, how long they took, and what memory the process came to hold. By name only; takes two minutes.
// LOAD_CLIENTS=500 LOAD_SECONDS=60 npm run bench -- clients
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, URL } from 'node:url';
import { Client, fetch } from 'undici';
import { built, require } from './built.mjs';
import { databaseUri } from './database.mjs';

const { createConnection } = require('mongoose');
const { ScaledClock, SystemClock } = built('kernel/clocks');
const { RandomIds } = built('kernel/ids');
const { startSimulator } = built('simulator/start-simulator');

const MAIN = fileURLToPath(new URL('../.build/main.js', import.meta.url));
const CLIENTS = Number(process.env.LOAD_CLIENTS ?? 500);
const SECONDS = Number(process.env.LOAD_SECONDS ?? 60);
const WARM_UP_SECONDS = 15;
const WORKERS = 100;
const REGION = 'eu-west-1';
const KEY = 'admin-key-of-the-benches-000000000';
const CML = { username: 'fleet', password: 'simulated-password' };
const HEADERS = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

async function startFleet() {
  const machine = new SystemClock();
  const clock = new ScaledClock(machine, machine.now(), 1);
  return startSimulator({
    ...{ clock, machine, ids: new RandomIds(), regions: [REGION], cml: CML },
    accountId: '123456789012',
  });
}

/** The application as a user runs it; answers its address and the lines in which it complains. */
async function startProcess(uri, { awsEndpoint, cmlProxy }) {
  const services = ['EC2', 'STS', 'CLOUDWATCH'].map((service) => [
    `AWS_ENDPOINT_URL_${service}`,
    awsEndpoint,
  ]);
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...{ PATH: process.env.PATH, ...Object.fromEntries(services) },
      ...{ AWS_ACCESS_KEY_ID: 'simulated', AWS_SECRET_ACCESS_KEY: 'simulated' },
      ...{ FLEET_PORT: '0', FLEET_LOG_FORMAT: 'json', FLEET_MONGODB_URI: uri, FLEET_REGIONS: REGION },
      FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      FLEET_BOOTSTRAP_ADMIN_KEY: KEY,
      FLEET_RATE_LIMIT_PER_MINUTE: '1000000',
      FLEET_CML_USERNAME: CML.username,
      FLEET_CML_PASSWORD: CML.password,
      FLEET_CML_PROXY: cmlProxy,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const complaints = [];
  const url = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the application ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const told = JSON.parse(line);
      if (typeof told.url === 'string' && told.url.startsWith('http')) resolve(told.url);
      if (told.level >= 50) complaints.push(line);
    });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  const megabytes = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  return { url, complaints, megabytes, stop };
}

async function workersOf(url) {
  const ids = [];
  for (let n = 0; n < WORKERS; n += 1) {
    const order = { name: `load ${n}`, awsRegion: REGION, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
    const sent = { method: 'POST', headers: HEADERS, body: JSON.stringify(order) };
    const answer = await fetch(`${url}/api/v1/workers`, sent);
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    ids.push((await answer.json()).id);
  }
  return ids;
}

/** Of ten requests: six lists, three single workers, and one command. All of them go around among all workers. */
function requestOf(n, ids) {
  const path = `/api/v1/workers/${ids[Math.floor(n / 10) % ids.length]}`;
  if (n % 10 < 6) return { kind: 'list', method: 'GET', path: '/api/v1/workers?limit=50', expected: 200 };
  if (n % 10 < 9) return { kind: 'worker', method: 'GET', path, expected: 200 };
  const body = JSON.stringify({ minutes: 60 + (n % 600), reason: 'load' });
  return { kind: 'snooze', method: 'POST', path: `${path}/snooze`, body, key: randomUUID(), expected: 200 };
}

/**
 * One after the other, before the load: libuv accepts one connection each time that it goes round, so that a busy process
 * would let the last ones wait for half a minute.
 */
async function connected(url) {
  const connections = [];
  for (let n = 0; n < CLIENTS; n += 1) {
    const connection = new Client(url, { pipelining: 1 });
    const answer = await connection.request({ method: 'GET', path: '/health/live' });
    await answer.body.dump();
    connections.push(connection);
  }
  return connections;
}

async function client(connection, ids, n, state) {
  for (let sent = n; !state.ended; sent += 7) {
    const { kind, expected, key, ...request } = requestOf(sent, ids);
    const began = performance.now();
    try {
      const headers = key ? { ...HEADERS, 'idempotency-key': key } : HEADERS;
      const answer = await connection.request({ ...request, headers });
      const text = await answer.body.text();
      if (answer.statusCode !== expected) state.wrong.push(`${request.path}: ${answer.statusCode} ${text}`);
    } catch (error) {
      state.wrong.push(`${request.path}: ${error.message}`);
    }
    if (state.counts) state.took.push({ kind, ms: performance.now() - began });
  }
  await connection.close();
}

export async function benchClients() {
  const uri = databaseUri('clients');
  const simulator = await startFleet();
  const application = await startProcess(uri, simulator);
  try {
    const ids = await workersOf(application.url);
    const idle = application.megabytes();
    const state = { ended: false, counts: false, wrong: [], took: [] };
    const connections = await connected(application.url);
    const clients = connections.map((connection, n) => client(connection, ids, n, state));
    await pause(WARM_UP_SECONDS * 1_000);
    state.counts = true;
    const memory = [];
    for (let second = 0; second < SECONDS; second += 5) {
      memory.push(application.megabytes());
      await pause(5_000);
    }
    memory.push(application.megabytes());
    state.counts = false;
    state.ended = true;
    await Promise.all(clients);
    print({ ...state, idle, memory, complaints: application.complaints });
  } finally {
    await application.stop();
    await simulator.stop();
    const connection = await createConnection(uri).asPromise();
    await connection.dropDatabase();
    await connection.close();
  }
}

function times(took) {
  const sorted = took.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share) => `${sorted[Math.floor((sorted.length - 1) * share)].toFixed(0)} ms`;
  return `${sorted.length} requests, p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`;
}

function print({ took, wrong, complaints, idle, memory }) {
  console.log(
    `\n${CLIENTS} clients for ${SECONDS} s, without a pause, beside the ticks over ${WORKERS} workers`,
  );
  console.log(`${(took.length / SECONDS).toFixed(0)} requests a second`);
  console.log(`all: ${times(took)}`);
  for (const kind of ['list', 'worker', 'snooze'])
    console.log(`${kind}: ${times(took.filter((one) => one.kind === kind))}`);
  console.log(
    `RSS after the launches ${idle.toFixed(0)} MB; each 5 s: ${memory.map((mb) => mb.toFixed(0)).join(' ')}`,
  );
  console.log(`${wrong.length} wrong answers, ${complaints.length} errors in the log`);
  for (const line of [...wrong.slice(0, 3), ...complaints.slice(0, 3)]) console.log(line.slice(0, 500));
  if (wrong.length > 0 || complaints.length > 0) process.exitCode = 1;
}
