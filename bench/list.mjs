// A page of 100 workers over HTTP, beside a bare route of Nest that makes the same find and answers what it found.
import { Agent, fetch } from 'undici';
import { startApplication } from './application.mjs';
import { bareNest } from './bare-routes.mjs';
import { built } from './built.mjs';
import { interleaved, pace } from './measure.mjs';

const { storeCollection } = built('event-store/mongo/collections');

const WORKERS = 100;
const CLIENTS = 8;
const PER_CLIENT = 15;
const ROUNDS = { warmUp: 2, rounds: 9 };

async function order(url, headers) {
  for (let n = 0; n < WORKERS; n += 1) {
    const order = {
      name: `bench ${n}`,
      awsRegion: 'eu-west-1',
      instanceType: 'c5.2xlarge',
      amiName: 'cml-2.9*',
    };
    const sent = { method: 'POST', headers, body: JSON.stringify({ ...order, tags: { course: 'bench' } }) };
    const answer = await fetch(`${url}/api/v1/workers`, sent);
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  }
}

/** Asks for a path over and over by some connections that are kept. */
function asker(url, path, headers) {
  const dispatcher = new Agent({ connections: CLIENTS });
  return {
    ask: async () => {
      const answer = await fetch(url + path, { headers, dispatcher });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
      return text;
    },
    close: () => dispatcher.close(),
  };
}

export async function benchList() {
  const application = await startApplication('list');
  const { url, key, connection } = application;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  await order(url, headers);
  const workers = storeCollection(connection, 'workers');
  const filter = { releasedAt: null, status: { $ne: 'TERMINATED' } };
  const find = () =>
    workers
      .find(filter)
      .sort({ createdAt: -1, _id: -1 })
      .limit(WORKERS + 1)
      .toArray();
  const nest = await bareNest(null, find);
  const [ours, bare] = [
    asker(url, `/api/v1/workers?limit=${WORKERS}`, headers),
    asker(nest.url, '/bare', {}),
  ];
  try {
    const [page, found] = [JSON.parse(await ours.ask()), JSON.parse(await bare.ask())];
    if (page.items.length !== WORKERS || found.length !== WORKERS)
      throw new Error('not all workers are listed');
    const lists = (from) => () => pace(CLIENTS, PER_CLIENT, from.ask);
    const result = await interleaved(ROUNDS, lists(ours), lists(bare));
    console.log(`\nGET /workers, a page of ${WORKERS}, ${CLIENTS} clients side by side`);
    for (const [name, { perSecond, cpuMicros }] of [
      ['cml-fleet', result.ours],
      ['a bare route of Nest with the same find', result.theirs],
    ]) {
      console.log(
        `${name.padEnd(44)} ${perSecond.toFixed(0).padStart(6)} a second, ${cpuMicros.toFixed(0)} µs of CPU`,
      );
    }
    console.log(`ratio of the speeds: ${result.ratio.toFixed(2)} (aim: 0.6 or more)`);
  } finally {
    for (const part of [ours, bare, nest, application]) await part.close();
  }
}
