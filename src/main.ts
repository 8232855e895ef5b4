import 'reflect-metadata';
import { hostname } from 'node:os';
import { NoFirstKey } from './access';
import { BadSettings, readSettings } from './config/read-settings';
import { refuseInsecureStart } from './config/secure-start/secure-start';
import { warningsAbout } from './config/setting-warnings';
import { createApp } from './create-app';
import { loggerOf } from './logger-of';
import { stopOnSignals } from './stop-on-signals';
import { openTracer } from './tracing';
import { version } from './version';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const accepted = refuseInsecureStart(settings, process.env);
  const instance = `${hostname()}/${process.pid}`;
  const tracer = openTracer({ url: settings.FLEET_OTLP_URL, version, instance });
  const logger = loggerOf(settings, process.stdout.isTTY, tracer);
  for (const warning of [...warningsAbout(settings), ...accepted]) logger.warn(warning);
  const app = await createApp(settings, logger, {
    tracer,
    // shown once, and only to a person who sits there; a file or a log collector would keep it
    onGeneratedKey: process.stdout.isTTY
      ? (key) => console.log(`\nYour first admin key, shown this once:\n\n  ${key.reveal()}\n`)
      : null,
  });
  stopOnSignals(app, logger, settings.FLEET_SHUTDOWN_SECONDS);
  await app.listen(settings.FLEET_PORT, settings.FLEET_HOST);
  logger.info({ url: await app.getUrl() }, 'serving; the API can be tried at /docs');
}

/** What the person who starts it can put right; the rest needs its stack. */
function isForPeople(error: unknown): error is Error {
  if (error instanceof BadSettings || error instanceof NoFirstKey) return true;
  return error instanceof Error && error.name === 'MongooseServerSelectionError';
}

main().catch((error: unknown) => {
  console.error(isForPeople(error) ? error.message : error);
  process.exit(1);
});
