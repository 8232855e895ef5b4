import { readFile } from 'node:fs/promises';
import { ScaledClock, SystemClock } from '../kernel/clocks';
import { RandomIds } from '../kernel/ids';
import { busy, leaves, neverComes, unreadable } from './people/people';
import { type ScenarioInput } from './control/scenario';
import { startSimulator } from './start-simulator';

const DEFAULT_REGIONS = 'eu-west-1,us-east-1';
const CML = { username: 'fleet', password: 'fleet-simulated' };
const HELP = `
# People by the Name tag of an instance: *busy* works on and on, *leaves* stops after an hour,
# *hang* cannot be read after a quarter of an hour; to any other nobody ever comes.`;

async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const machine = new SystemClock();
  const epoch = env['FLEET_CLOCK_EPOCH'] ?? machine.now().toISOString();
  const speed = env['FLEET_CLOCK_SPEED'] ?? '1';
  const regions = (env['FLEET_REGIONS'] ?? DEFAULT_REGIONS).split(',').map((region) => region.trim());
  const simulator = await startSimulator({
    clock: new ScaledClock(machine, new Date(epoch), Number(speed)),
    machine,
    ids: new RandomIds(),
    regions,
    accountId: '123456789012',
    cml: CML,
    awsPort: Number(env['FLEET_SIMULATOR_AWS_PORT'] ?? 4566),
    proxyPort: Number(env['FLEET_SIMULATOR_PROXY_PORT'] ?? 4580),
    controlPort: Number(env['FLEET_SIMULATOR_CONTROL_PORT'] ?? 4590),
    timings: { metricLagSeconds: 300 },
  });
  const { world, awsEndpoint, cmlProxy } = simulator;
  world.cast('*', neverComes);
  world.cast('*busy*', busy);
  world.cast('*leaves*', leaves(60));
  world.cast('*hang*', unreadable('hang', 15));

  const scenario = env['FLEET_SIMULATOR_SCENARIO'];
  if (scenario) world.scenarios.play(JSON.parse(await readFile(scenario, 'utf8')) as ScenarioInput);

  const lines = {
    AWS_ENDPOINT_URL_EC2: awsEndpoint,
    AWS_ENDPOINT_URL_CLOUDWATCH: awsEndpoint,
    AWS_ENDPOINT_URL_STS: awsEndpoint,
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    FLEET_REGIONS: regions.join(','),
    FLEET_CML_PROXY: cmlProxy,
    FLEET_CML_USERNAME: CML.username,
    FLEET_CML_PASSWORD: CML.password,
    FLEET_CLOCK_EPOCH: epoch,
    FLEET_CLOCK_SPEED: speed,
  };
  for (const [name, value] of Object.entries(lines)) console.log(`export ${name}=${value}`);
  for (const region of regions) console.log(`# CML image in ${region}: ${world.cmlImage(region).id}`);
  console.log(`# control API, for faults and people's acts: ${simulator.controlUrl}`);
  console.log(HELP);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
}

main(process.env).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
