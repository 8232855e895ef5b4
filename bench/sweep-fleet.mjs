// The workers of bench/sweep.mjs, put into a database by a process of its own, whose memory is not measured.
// node bench/sweep-fleet.mjs <database URI> <workers a region> <region> …
import { randomUUID } from 'node:crypto';
import { built, require } from './built.mjs';

const { createConnection } = require('mongoose');
const { CmlWorker } = built('workers/domain/cml-worker');
const { plainLaunch } = built('workers/domain/launch-settings');
const { wantedTags } = built('workers/domain/worker-state');
const { toDocument } = built('workers/persistence/worker.schema');
const { storeCollection } = built('event-store/mongo/collections');

const ACCOUNT = '123456789012';
const [uri, count, ...regions] = process.argv.slice(2);

/** A worker that runs as EC2 says, in the list only: a sweep that finds nothing new reads no stream. */
function aWorker(region, n) {
  const now = new Date(Date.now() - 3_600_000);
  const by = 'user:bench';
  const worker = CmlWorker.create(randomUUID(), {
    ...{
      name: `${region}-${n}`,
      awsRegion: region,
      instanceType: 'c5.metal',
      amiId: 'ami-0123456789abcdef0',
    },
    ...{ amiName: null, cmlVersion: null, tags: {}, launch: plainLaunch('c5.metal') },
    desired: { state: 'RUNNING', by, reason: null, at: now, decisionId: null, sendBefore: null },
    ...{ createdAt: now, createdBy: by },
  });
  const id = `i-${(regions.indexOf(region) * 100_000 + n).toString(16).padStart(17, '0')}`;
  const ip = `${regions.indexOf(region)}.${n >> 8}.${n & 255}`;
  const [publicIp, privateIp] = [`52.${ip}`, `10.${ip}`];
  worker.assignInstance({ awsInstanceId: id, awsAccountId: ACCOUNT, publicIp, privateIp }, now);
  const checks = { system: 'ok', instance: 'ok' };
  const seen = { status: 'RUNNING', publicIp, privateIp, stateReason: null, begunAt: now };
  worker.observe(
    {
      ...seen,
      instanceType: 'c5.metal',
      tags: {},
      health: { checks, scheduledEvents: [] },
      interruption: null,
    },
    now,
  );
  const state = { ...worker.state, appliedTags: wantedTags(worker.state) };
  return toDocument(state, worker.version + worker.uncommitted.length);
}

const connection = await createConnection(uri).asPromise();
const documents = regions.flatMap((region) =>
  Array.from({ length: Number(count) }, (_, n) => aWorker(region, n)),
);
for (let from = 0; from < documents.length; from += 500) {
  await storeCollection(connection, 'workers').insertMany(documents.slice(from, from + 500));
}
await connection.close();
