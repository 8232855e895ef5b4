import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { BadSettings, readSettings } from './config/read-settings';
import { type Settings } from './config/settings';
import { createApp } from './create-app';
import { REGIONS } from './demo/cast';
import { awsEnvironment, CML_ACCOUNT, demoClock, demoEnvironment } from './demo/demo-environment';
import { DemoFleet } from './demo/demo-fleet';
import { FleetClient } from './demo/fleet-client';
import { isTold, summaryOf } from './demo/story';
import { Timeline } from './demo/timeline';
import { rootLogger } from './http';
import { ScaledClock, SECOND, SystemClock } from './kernel/clocks';
import { RandomIds } from './kernel/ids';
import { startSimulator } from './simulator/start-simulator';
import { stopOnSignals } from './stop-on-signals';

const LOOK_EVERY_MS = 0.3 * SECOND;
/** `--once` ends within 90 s, told or not. */
const STORY_WITHIN_MS = 80 * SECOND;

async function main(once: boolean): Promise<void> {
  const { FLEET_CLOCK_EPOCH, FLEET_CLOCK_SPEED } = demoClock(process.env);
  const epoch = new Date(FLEET_CLOCK_EPOCH);
  const machine = new SystemClock();
  const clock = new ScaledClock(machine, epoch, Number(FLEET_CLOCK_SPEED));
  const simulator = await startSimulator({
    clock,
    ids: new RandomIds(),
    regions: REGIONS,
    accountId: '123456789012',
    cml: CML_ACCOUNT,
  });
  Object.assign(process.env, awsEnvironment(simulator));
  const settings = readSettings({ ...demoEnvironment(process.env, simulator), FLEET_CLOCK_EPOCH });

  const timeline = new Timeline(
    () => clock.now(),
    epoch,
    (line) => console.log(line),
  );
  const logger = rootLogger({ level: settings.FLEET_LOG_LEVEL, destination: timeline });
  let key = settings.FLEET_BOOTSTRAP_ADMIN_KEY?.reveal() ?? '';
  const onGeneratedKey = (made: { reveal(): string }) => void (key = made.reveal());
  const app = await createApp(settings, logger, { onGeneratedKey });
  const url = await listen(app, settings, process.env['FLEET_PORT'] !== undefined);
  await fetch(`${url}/health/live`);
  console.log(greeting(url, key, settings));

  const fleet = new DemoFleet(new FleetClient(url, key), timeline, simulator.world);
  await fleet.order();
  if (once) {
    process.exitCode = (await tell(fleet, simulator.world)) ? 0 : 1;
    await app.close();
    await simulator.stop();
    process.exit();
  }
  stopOnSignals(app, logger, settings.FLEET_SHUTDOWN_SECONDS);
  for (;;) {
    await fleet.look().catch((error: unknown) => logger.error({ err: error }, 'the timeline cannot be read'));
    await pause(LOOK_EVERY_MS);
  }
}

/** Follows the story to its end, prints the summary, and answers whether it went as it must. */
async function tell(fleet: DemoFleet, world: Parameters<typeof isTold>[1]): Promise<boolean> {
  const until = performance.now() + STORY_WITHIN_MS;
  let outcomes = await fleet.look();
  while (!isTold(outcomes, world) && performance.now() < until) {
    await pause(LOOK_EVERY_MS);
    outcomes = await fleet.look();
  }
  console.log(['', ...summaryOf(outcomes, world), ''].join('\n'));
  return isTold(outcomes, world);
}

/** On the port that is set; where none is and the usual one is taken, on any that is free. */
async function listen(app: NestExpressApplication, settings: Settings, portIsSet: boolean): Promise<string> {
  const { FLEET_PORT, FLEET_HOST } = settings;
  try {
    await app.listen(FLEET_PORT, FLEET_HOST);
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!taken || portIsSet) throw error;
    await app.listen(0, FLEET_HOST);
  }
  return app.getUrl();
}

function greeting(url: string, key: string, settings: Settings): string {
  const seconds = (performance.now() / SECOND).toFixed(1);
  return `
cml-fleet with a simulated AWS: nothing here is real, and nothing costs money.

  Swagger UI   ${url}/docs
  admin key    ${key}
  first answer after ${seconds} s; an hour of the fleet passes in ${3600 / settings.FLEET_CLOCK_SPEED} s
  idle workers are stopped after ${settings.FLEET_IDLE_THRESHOLD_MINUTES} minutes, announced ${settings.FLEET_IDLE_WARNING_MINUTES?.join(', ') ?? '60, 15, 5'} minutes before

   time  worker         what happens
`;
}

main(process.argv.includes('--once')).catch((error: unknown) => {
  console.error(error instanceof BadSettings ? error.message : error);
  process.exit(1);
});
