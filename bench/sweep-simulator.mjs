// The simulated AWS of bench/sweep.mjs in a process of its own, with so many running instances that are tagged as workers'.
// node bench/sweep-simulator.mjs <instances> <region> …
import { randomUUID } from 'node:crypto';
import { built } from './built.mjs';

const { ScaledClock, SystemClock } = built('kernel/clocks');
const { RandomIds } = built('kernel/ids');
const { startSimulator } = built('simulator/start-simulator');

const [count, ...regions] = process.argv.slice(2);
const machine = new SystemClock();

const { world, awsEndpoint } = await startSimulator({
  clock: new ScaledClock(machine, machine.now(), 1),
  machine,
  ids: new RandomIds(),
  ...{ regions, accountId: '123456789012', cml: { username: 'fleet', password: 'fleet-simulated' } },
});
const workerIds = Array.from({ length: Number(count) }, () => randomUUID());
const ids = world.populate(Number(count), {
  regions,
  type: 'c5.metal',
  tags: (n) => ({
    ...{ Name: `worker-${n}`, team: 'networking', 'managed-by': 'cml-fleet' },
    ...{ 'cml-fleet:worker-id': workerIds[n], 'cml-fleet:installation-id': 'bench' },
  }),
});
const instances = ids.map((id, n) => {
  const { launch, facts } = world.instance(id);
  const publicIp = facts.at(machine.now()).publicIp;
  return { id, workerId: workerIds[n], region: launch.region, privateIp: launch.privateIp, publicIp };
});
process.send({ url: awsEndpoint, instances });
/** Whoever asks gets how often each region was called. */
process.on('message', () => {
  const calls = Object.fromEntries(regions.map((region) => [region, {}]));
  for (const { region, action, count: times } of world.log.counts()) {
    calls[region][action] = (calls[region][action] ?? 0) + times;
  }
  process.send({ calls });
});
process.on('disconnect', () => process.exit());
