// A turn of the reaper over 10,000 running workers, in memory and on MongoDB: the first one, in which each verdict is new,
// and the ones after it, in which none is. Seconds, and how often the database is asked.
import { randomUUID } from 'node:crypto';
import { built, require } from './built.mjs';
import { databaseUri } from './database.mjs';
import { median } from './measure.mjs';

const WORKERS = 10_000;
const TURNS = 3;

/** What goes on beside the turn: leases, and the delivery of events. */
const BESIDE = /^(leases|es_log|es_parked|es_subscriptions)[.]/;
const MINUTE = 60_000;

const { CommandBus } = require('@nestjs/cqrs');
const { getConnectionToken } = require('@nestjs/mongoose');
const { mongo } = require('mongoose');
const { createApp } = built('create-app');
const { readSettings } = built('config/read-settings');
const { rootLogger } = built('http/root-logger');
const { systemContext } = built('kernel/command-context');
const { RunReaper } = built('reaper/application/run-reaper.command');
const { ObservationStore, SignalHistory } = built('telemetry/domain/ports');
const { SIGNAL_SOURCE } = built('telemetry/domain/signal');
const { CmlWorker } = built('workers/domain/cml-worker');
const { plainLaunch } = built('workers/domain/launch-settings');
const { WorkerReadModel } = built('workers/domain/ports');

const ago = (minutes) => new Date(Date.now() - minutes * MINUTE);

/** A worker that has run for a day, in the list only: a turn that does nothing to it reads no stream. */
function aWorker(id, n) {
  const since = ago(24 * 60);
  const by = 'user:bench';
  const worker = CmlWorker.create(id, {
    ...{
      name: `worker-${n}`,
      awsRegion: 'us-east-1',
      instanceType: 'c5.metal',
      amiId: 'ami-0123456789abcdef0',
    },
    ...{ amiName: null, cmlVersion: null, tags: {}, launch: plainLaunch('c5.metal'), driftPolicy: null },
    desired: { state: 'RUNNING', by, reason: null, at: since, decisionId: null, sendBefore: null },
    ...{ createdAt: since, createdBy: by },
  });
  worker.assignInstance({ awsInstanceId: `i-${n}`, awsAccountId: '123456789012' }, since);
  const seen = { status: 'RUNNING', publicIp: null, privateIp: null, stateReason: null, begunAt: since };
  worker.observe(seen, since);
  return { ...worker.state, lastActivityAt: ago(10) };
}

/** Two of three workers are in use; the others have been idle for ten minutes. */
function observed(workerId, n) {
  const readAt = ago(0.5);
  const about = {
    workerId,
    observedAt: readAt,
    sweepId: null,
    lastError: null,
    goodReads: 9,
    failedReads: 0,
  };
  const running = n % 3 === 0 ? 0 : 1;
  const activity = {
    newestActivityAt: ago(10),
    newestCategory: 'start_lab',
    watermark: null,
    everSeen: true,
  };
  const values = {
    ec2: { status: 'RUNNING' },
    'cml-labs': { total: 1, running, labs: [] },
    'cml-system': {},
    'cml-activity': activity,
  };
  const signals = Object.keys(SIGNAL_SOURCE).map((signal) => ({
    ...{ workerId, signal, from: ago(10), to: readAt, readings: 10, longestGapMs: MINUTE },
    value: running && signal === 'labs' ? 'active' : 'idle',
  }));
  const observations = Object.entries(values).map(([source, read]) => ({ ...about, source, values: read }));
  return { signals, observations };
}

async function fill(of) {
  const ids = Array.from({ length: WORKERS }, () => randomUUID());
  for (let from = 0; from < WORKERS; from += 500) {
    const some = ids.slice(from, from + 500);
    const all = some.map((id, index) => observed(id, from + index));
    await Promise.all(some.map((id, index) => of(WorkerReadModel).put(aWorker(id, from + index), 9)));
    await of(ObservationStore).save(all.flatMap(({ observations }) => observations));
    await of(SignalHistory).save(all.flatMap(({ signals }) => signals));
  }
}

/** Counts what the driver is asked for, by collection and operation. */
function countQueries() {
  const asked = new Map();
  const names = ['find', 'findOne', 'aggregate', 'bulkWrite', 'insertOne', 'insertMany', 'replaceOne'];
  const prototype = mongo.Collection.prototype;
  for (const name of [
    ...names,
    'updateOne',
    'updateMany',
    'findOneAndUpdate',
    'countDocuments',
    'deleteOne',
  ]) {
    const inner = prototype[name];
    prototype[name] = function (...given) {
      const what = `${this.collectionName}.${name}`;
      asked.set(what, (asked.get(what) ?? 0) + 1);
      return inner.apply(this, given);
    };
  }
  return asked;
}

async function measured(work) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: (performance.now() - start) / 1e3, cpu: (user + system) / 1e6, result };
}

async function benchOn(persistence, asked) {
  const settings = readSettings({
    FLEET_PERSISTENCE: persistence,
    ...(persistence === 'mongo' && { FLEET_MONGODB_URI: databaseUri('reap') }),
    FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    FLEET_BOOTSTRAP_ADMIN_KEY: 'admin-key-of-the-benches-000000000',
    FLEET_CML_USERNAME: 'fleet',
    FLEET_CML_PASSWORD: 'bench',
    FLEET_REGIONS: 'us-east-1',
    // nothing is read anew while it runs
    FLEET_IDLE_MAX_READING_AGE_SECONDS: '1800',
  });
  const logger = rootLogger({
    level: 'error',
    destination: { write: (line) => !process.stderr.write(line) },
  });
  const app = await createApp(settings, logger, { autostart: false });
  await app.init();
  const of = (token) => app.get(token, { strict: false });
  const connection = persistence === 'mongo' ? of(getConnectionToken()) : null;
  try {
    await fill(of);
    const turn = () => of(CommandBus).execute(new RunReaper(false, systemContext('bench', randomUUID())));
    const first = await measured(turn);
    const next = [];
    asked.clear();
    for (let n = 0; n < TURNS; n += 1) next.push(await measured(turn));
    const middle = (what) => median(next.map((one) => one[what]));
    const { counts, errors } = next[0].result;
    const seconds = (value) => `${value.toFixed(2)} s`;
    console.log(
      `\n${persistence}: ${WORKERS} workers, ${counts['in-use']} in use, ${counts['idle-waiting']} idle`,
    );
    if (errors.length > 0) throw new Error(errors[0].message);
    console.log(`first turn, all verdicts new   ${seconds(first.wall)} (cpu ${seconds(first.cpu)})`);
    console.log(`turn                           ${seconds(middle('wall'))} (cpu ${seconds(middle('cpu'))})`);
    const queries = [...asked]
      .filter(([what]) => !BESIDE.test(what))
      .map(([what, count]) => [what, Math.ceil(count / TURNS)]);
    const sum = queries.reduce((total, [, count]) => total + count, 0);
    if (connection)
      console.log(`operations per turn            ${sum}: ${queries.map((one) => one.join(' ')).join(', ')}`);
  } finally {
    await connection?.dropDatabase();
    await app.close();
  }
}

export async function benchReap() {
  const asked = countQueries();
  await benchOn('memory', asked);
  await benchOn('mongo', asked);
}
