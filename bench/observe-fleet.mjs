// The workers of bench/observe.mjs, in service for an hour, put into a database by a process of its own, whose memory is
// not measured: each with its stream and in the list. Gets the servers by message. node bench/observe-fleet.mjs <database URI>
import { once } from 'node:events';
import { built, require } from './built.mjs';
import { openStore } from './database.mjs';

const { createConnection } = require('mongoose');
const pLimit = require('p-limit').default;
const { systemContext } = built('kernel/command-context');
const { CmlWorker } = built('workers/domain/cml-worker');
const { plainLaunch } = built('workers/domain/launch-settings');
const { WORKER_EVENTS } = built('workers/domain/worker-events');
const { WORKER_DEFINITION } = built('workers/persistence/worker-definition');
const { toDocument } = built('workers/persistence/worker.schema');
const { storeCollection } = built('event-store/mongo/collections');

const ACCOUNT = '123456789012';
const SIDE_BY_SIDE = 16;
const [uri] = process.argv.slice(2);
const [servers] = await once(process, 'message');

function aWorker({ id, workerId, region, publicIp, privateIp }, n) {
  const since = new Date(Date.now() - 3_600_000);
  const worker = CmlWorker.create(workerId, {
    ...{ name: `worker-${n}`, awsRegion: region, instanceType: 'c5.metal', amiId: 'ami-0123456789abcdef0' },
    ...{ amiName: null, cmlVersion: null, tags: {}, launch: plainLaunch('c5.metal'), driftPolicy: null },
    desired: {
      state: 'RUNNING',
      by: 'user:bench',
      reason: null,
      at: since,
      decisionId: null,
      sendBefore: null,
    },
    ...{ createdAt: since, createdBy: 'user:bench' },
  });
  worker.assignInstance({ awsInstanceId: id, awsAccountId: ACCOUNT, publicIp, privateIp }, since);
  const seen = { status: 'RUNNING', publicIp, privateIp, stateReason: null, begunAt: since };
  worker.observe({ ...seen, instanceType: 'c5.metal', health: null, interruption: null }, since);
  for (const status of ['STARTING', 'AVAILABLE'])
    worker.updateServiceStatus(status, `https://${publicIp}`, since);
  return worker;
}

const connection = await createConnection(uri, { maxPoolSize: SIDE_BY_SIDE }).asPromise();
const { services, openAggregates } = await openStore(connection);
services.decoder.register(WORKER_EVENTS);
const aggregates = openAggregates(WORKER_DEFINITION);
const limit = pLimit(SIDE_BY_SIDE);
const documents = await Promise.all(
  servers.map((server, n) =>
    limit(async () => {
      const worker = aWorker(server, n);
      const document = toDocument(worker.state, worker.version + worker.uncommitted.length);
      await aggregates.create(worker, systemContext('bench', `create-${n}`));
      return document;
    }),
  ),
);
for (let from = 0; from < documents.length; from += 500) {
  await storeCollection(connection, 'workers').insertMany(documents.slice(from, from + 500));
}
await connection.close();
process.disconnect();
