// By which index the database finds idle workers among many, and how long that takes.
import { built } from './built.mjs';
import { withDatabase } from './database.mjs';

const { idleFilter, IDLE_ORDER } = built('workers/persistence/worker.mongo-read-model');
const { workerSchema, WORKER_MODEL } = built('workers/persistence/worker.schema');

const WORKERS = 10_000;
const IDLE_FOR_MINUTES = 9_000;
const ROUNDS = 20;
const MINUTE = 60_000;

/** What was looked at and not taken stands in these members of what MongoDB or FerretDB explain. */
const NOT_TAKEN = ['rejectedPlans', 'IndexCosts'];

function indexesIn(explained) {
  const plan = JSON.stringify(explained, (member, value) => (NOT_TAKEN.includes(member) ? undefined : value));
  return new Set([...plan.matchAll(/"(?:indexName|Index Name)":"([^"]+)"/g)].map(([, name]) => name));
}

/** Every second one runs without labs, the next one was used a minute longer ago. */
function documents(now) {
  return Array.from({ length: WORKERS }, (_, index) => ({
    ...{ _id: `w-${index}`, status: 'RUNNING', activeLabsCount: index % 2, releasedAt: null },
    lastActivityAt: new Date(now - index * MINUTE),
  }));
}

export async function benchIdlePlan() {
  await withDatabase('idle_plan', async (connection) => {
    const model = connection.model(WORKER_MODEL, workerSchema);
    await model.createCollection();
    await model.createIndexes();
    const now = Date.now();
    await model.collection.insertMany(documents(now));
    const query = () => model.find(idleFilter(new Date(now - IDLE_FOR_MINUTES * MINUTE))).sort(IDLE_ORDER);
    const indexes = indexesIn(await query().explain());
    const begun = performance.now();
    let found = 0;
    for (let round = 0; round < ROUNDS; round += 1) found = (await query().lean()).length;
    const ms = ((performance.now() - begun) / ROUNDS).toFixed(1);
    console.log(
      `idle workers: ${found} of ${WORKERS} by the index ${[...indexes].join(', ') || 'NONE'}, ${ms} ms`,
    );
  });
}
