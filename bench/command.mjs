// A command over HTTP, step by step: a snooze with an Idempotency-Key, beside routes of Express and Nest that do nothing.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import { startApplication } from './application.mjs';
import { bareExpress, bareNest } from './bare-routes.mjs';
import { built, require } from './built.mjs';
import { timed, traced, watch } from './spans.mjs';

const { EventBus } = require('@nestjs/cqrs');
const { CommitMaker } = built('event-store/commit-maker');
const { EventStore, IdempotencyStore, SnapshotStore } = built('event-store/ports');
const { storeCollection } = built('event-store/mongo/collections');
const { ValidationPipe } = built('http/validation.pipe');
const { Authenticator } = built('http/authenticator');
const { WorkerReadModel, WorkerRepository } = built('workers/domain/ports');

const ROUNDS = 30;
const PER_ROUND = 20;
const WARM_UP = 5;

/** Steps in the order in which a request takes them. */
function watchSteps(app) {
  const of = (token) => app.get(token, { strict: false });
  watch('authenticate', of(Authenticator), 'authenticate');
  watch('claim the Idempotency-Key', of(IdempotencyStore), 'claim');
  watch('validate path and body', ValidationPipe.prototype, 'transform');
  watch('look for the commit of the command', of(EventStore), 'findCommit');
  watch('read the snapshot', of(SnapshotStore), 'find');
  watch('load the commits', of(EventStore), 'load');
  watch('make and seal the commit', of(CommitMaker), 'make');
  watch('insert the commit', of(EventStore), 'append');
  watch('write the read model', of(WorkerReadModel), 'put');
  watch('publish the events', of(EventBus), 'publishAll');
  watch('save a snapshot, now and then', of(SnapshotStore), 'save');
  watch('keep the answer for the key', of(IdempotencyStore), 'complete');
  const repository = of(WorkerRepository);
  const { update } = repository;
  repository.update = function (id, context, change) {
    return update.call(this, id, context, (worker) => timed('decide', () => change(worker)));
  };
}

/** Posts JSON over one connection that is kept; answers the parsed body. */
function poster(url, headers = {}) {
  const client = new Client(url);
  const post = async (path, body, more = {}) => {
    const answer = await client.request({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...more },
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  };
  return { post, close: () => client.close() };
}

async function aWorker({ post }, { region, connection }) {
  const order = { name: 'bench', awsRegion: region, instanceType: 'c5.2xlarge', amiName: 'cml-2.9*' };
  const { id } = await post('/api/v1/workers', order);
  const launched = { _id: id, awsInstanceId: { $ne: null } };
  // its launch goes on behind the answer, and would be measured with what follows
  for (let tries = 0; tries < 100; tries += 1) {
    if (await connection.collection('workers').findOne(launched)) return id;
    await pause(100);
  }
  throw new Error('the worker was not launched within 10 s');
}

async function measure(application) {
  const { key, url, app, connection } = application;
  const api = poster(url, { authorization: `Bearer ${key}` });
  const path = `/api/v1/workers/${await aWorker(api, application)}/snooze`;
  let minutes = 60;
  const snooze = () => {
    minutes = 60 + ((minutes + 1) % 60);
    return api.post(path, { minutes, reason: 'bench' }, { 'Idempotency-Key': randomUUID() });
  };
  const answer = await snooze();
  watchSteps(app);
  const [express, nest] = [await bareExpress(answer), await bareNest(answer)];
  const [toExpress, toNest] = [poster(express.url), poster(nest.url)];
  const raw = storeCollection(connection, 'raw_commits');
  const [sample] = await storeCollection(connection, 'es_commits').find().sort({ at: -1 }).limit(1).toArray();
  const subjects = {
    command: snooze,
    express: () => toExpress.post('/bare', { minutes: 60, reason: 'bench' }),
    nest: () => toNest.post('/bare', { minutes: 60, reason: 'bench' }),
    insert: () => raw.insertOne({ ...sample, _id: randomUUID(), commitId: randomUUID() }),
  };
  const results = { command: [], express: [], nest: [], insert: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, subject] of Object.entries(subjects)) {
      for (let n = 0; n < PER_ROUND; n += 1) {
        const result = await traced(subject);
        if (round >= WARM_UP) results[name].push(result);
      }
    }
  }
  for (const part of [api, toExpress, toNest, express, nest]) await part.close();
  return results;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Without the tenth that was the fastest and the one that was the slowest. */
function middle(results) {
  const sorted = results.toSorted((one, other) => one.whole - other.whole);
  return sorted.slice(Math.floor(sorted.length * 0.1), Math.ceil(sorted.length * 0.9));
}

/** Rows of [what, milliseconds], the steps as they follow each other. */
function rowsOf(command) {
  const names = [...new Set(command.flatMap(({ steps }) => Object.keys(steps)))];
  const steps = new Map(names.map((name) => [name, mean(command.map(({ steps }) => steps[name] ?? 0))]));
  // an append makes its commit
  steps.set('insert the commit', steps.get('insert the commit') - steps.get('make and seal the commit'));
  return [...steps, ['all else: Express, Nest, HTTP, the client', mean(command.map(({ rest }) => rest))]];
}

function print({ command, express, nest, insert }) {
  const whole = mean(command.map((result) => result.whole));
  const unit = mean(insert.map((result) => result.whole));
  const line = (name, ms) => {
    const [time, share, times] = [ms.toFixed(3), ((ms * 100) / whole).toFixed(0), (ms / unit).toFixed(2)];
    console.log(`${name.padEnd(44)} ${time.padStart(6)} ${share.padStart(5)} % ${times.padStart(9)}`);
  };
  console.log(`\n${'POST …/snooze with an Idempotency-Key'.padEnd(44)}     ms   share   x insertOne`);
  const rows = rowsOf(command);
  for (const [name, ms] of rows) line(name, ms);
  line('the whole command (a look and a load overlap)', whole);
  line('for comparison: insertOne of such a commit', unit);
  line('for comparison: a bare route of Express', mean(express.map((result) => result.whole)));
  line('for comparison: a bare route of Nest', mean(nest.map((result) => result.whole)));
  const largest = rows.toSorted(([, one], [, other]) => other - one).slice(0, 3);
  console.log(`largest: ${largest.map(([name]) => name).join('; ')}`);
}

export async function benchCommand() {
  const application = await startApplication('command');
  try {
    const results = await measure(application);
    print(Object.fromEntries(Object.entries(results).map(([name, list]) => [name, middle(list)])));
  } finally {
    await application.close();
  }
}
