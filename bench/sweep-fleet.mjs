// The workers of bench/sweep.mjs, put into a database by a process of its own, whose memory is not measured.
// Gets the instances by message. node bench/sweep-fleet.mjs <database URI>
import { once } from 'node:events';
import { built, require } from './built.mjs';

const { createConnection } = require('mongoose');
const { CmlWorker } = built('workers/domain/cml-worker');
const { plainLaunch } = built('workers/domain/launch-settings');
const { wantedTags } = built('workers/domain/worker-state');
const { toDocument } = built('workers/persistence/worker.schema');
const { storeCollection } = built('event-store/mongo/collections');

const ACCOUNT = '123456789012';
const [uri] = process.argv.slice(2);
const [instances] = await once(process, 'message');

/** A worker that runs as EC2 says, in the list only: a sweep that finds nothing new reads no stream. */
function aWorker({ id, workerId, region, publicIp, privateIp }, n) {
  const now = new Date(Date.now() - 3_600_000);
  const by = 'user:bench';
  const worker = CmlWorker.create(workerId, {
    ...{ name: `worker-${n}`, awsRegion: region, instanceType: 'c5.metal', amiId: 'ami-0123456789abcdef0' },
    ...{ amiName: null, cmlVersion: null, tags: {}, launch: plainLaunch('c5.metal'), driftPolicy: null },
    desired: { state: 'RUNNING', by, reason: null, at: now, decisionId: null, sendBefore: null },
    ...{ createdAt: now, createdBy: by },
  });
  worker.assignInstance({ awsInstanceId: id, awsAccountId: ACCOUNT, publicIp, privateIp }, now);
  const checks = { system: 'ok', instance: 'ok' };
  const seen = { status: 'RUNNING', publicIp, privateIp, stateReason: null, begunAt: now };
  worker.observe(
    {
      ...seen,
      instanceType: 'c5.metal',
      health: { checks, scheduledEvents: [] },
      interruption: null,
    },
    now,
  );
  const state = { ...worker.state, appliedTags: wantedTags(worker.state) };
  return toDocument(state, worker.version + worker.uncommitted.length);
}

const connection = await createConnection(uri).asPromise();
const documents = instances.map(aWorker);
for (let from = 0; from < documents.length; from += 500) {
  await storeCollection(connection, 'workers').insertMany(documents.slice(from, from + 500));
}
await connection.close();
process.disconnect();
