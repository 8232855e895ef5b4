// The application with a migration that leaves a trace of each of its steps, and hangs in its third where HANG is set.
/** A file that is compiled when the test begins, and was not there before. */
const built = (path) => require(`${__dirname}/../../.build/${path}.js`);
const { setTimeout: pause } = require('node:timers/promises');
require('reflect-metadata');
const { readSettings } = built('config/read-settings');
const { createApp } = built('create-app');
const { loggerOf } = built('logger-of');

const { HANG, ...env } = process.env;
const run = async (database, { mustBeHeld }) => {
  for (let step = 1; step <= 4; step += 1) {
    mustBeHeld();
    await database.collection('steps').insertOne({ pid: process.pid, step });
    await pause(HANG && step === 3 ? 3_600_000 : 50);
  }
};

const settings = readSettings(env);
const logger = loggerOf(settings, false);
createApp(settings, logger, { migrations: [{ name: 'leave-steps', when: 'before', run }] }).then(
  async (app) => {
    await app.listen(0, '127.0.0.1');
    logger.info({ url: await app.getUrl() }, 'serving');
    process.once('SIGTERM', () => app.close().then(() => process.exit(0)));
  },
);
