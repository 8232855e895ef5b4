// The CML servers of bench/observe.mjs in a process of their own, each at its own address and with its own certificate:
// some hang, some answer 502, the others have labs and a month of telemetry. node bench/observe-simulator.mjs <servers> <hanging> <502> <region> …
import { randomUUID } from 'node:crypto';
import { built } from './built.mjs';

const { ScaledClock, SystemClock } = built('kernel/clocks');
const { RandomIds } = built('kernel/ids');
const { startSimulator } = built('simulator/start-simulator');

const LABS = 10;
const EVENTS = 300;
const MONTH_MS = 30 * 24 * 3_600_000;
const cml = { username: 'fleet', password: 'fleet-simulated' };
const [count, hanging, gateways, ...regions] = process.argv.slice(2);
const machine = new SystemClock();

const { world, awsEndpoint, cmlProxy } = await startSimulator({
  clock: new ScaledClock(machine, machine.now(), 1),
  machine,
  ids: new RandomIds(),
  ...{ regions, accountId: '123456789012', cml },
});
const ids = world.populate(Number(count), {
  regions,
  type: 'c5.metal',
  tags: (n) => ({ Name: `worker-${n}`, 'managed-by': 'cml-fleet' }),
});
const servers = ids.map((id, n) => {
  const { launch, facts } = world.instance(id);
  const server = world.server(id);
  const [hangs, broken] = [n < Number(hanging), n < Number(hanging) + Number(gateways)];
  server.fault = hangs ? 'hang' : broken ? 'bad-gateway' : 'none';
  const ada = server.userNamed('ada');
  for (let lab = 0; lab < LABS; lab += 1) server.labOf(ada, `lab-${lab}`, machine.now());
  const until = machine.now();
  server.floods.push({ count: EVENTS, from: new Date(until - MONTH_MS), until, ordered: true, seed: n + 1 });
  server.startLab(server.labs[0], ada, machine.now());
  const { publicIp } = facts.at(machine.now());
  const { region, privateIp } = launch;
  return { id, workerId: randomUUID(), region, privateIp, publicIp, good: !broken };
});
process.send({ awsEndpoint, cmlProxy, cml, servers });

/** Whoever asks gets how often we logged in, and what processor time it took to be all these servers. */
process.on('message', () => {
  const logins = ids.map((id) => {
    const { telemetry, users } = world.server(id);
    const own = users.find(({ username }) => username === cml.username)?.id;
    return telemetry.filter(({ category, data }) => category === 'user_activity' && data.user_id === own)
      .length;
  });
  const { user, system } = process.cpuUsage();
  process.send({ logins: logins.reduce((sum, some) => sum + some, 0), cpu: (user + system) / 1e6 });
});
process.on('disconnect', () => process.exit());
