import { setImmediate as nextRound, setTimeout as pause } from 'node:timers/promises';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Logger } from 'pino';
import { Draining } from './http';
import { SECOND } from './kernel/clocks';

/**
 * Milliseconds for what was sent before the signal, and waits in the sockets still, to be read: a connection that looks
 * idle is closed at the end, with whatever is on its way.
 */
const SETTLE = SECOND / 2;

/**
 * Ends the process in order at SIGTERM and SIGINT: requests that were sent before are answered, ticks come to their end,
 * then the database is let go. Connections that still stand after half of the time are cut. What does not end in time is left
 * behind; every part can be taken up again where it stopped.
 */
export function stopOnSignals(app: NestExpressApplication, logger: Logger, withinSeconds: number): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    const late = setTimeout(() => {
      logger.warn({ withinSeconds }, 'not stopped in time: leaving what is still under way');
      process.exit(1);
    }, withinSeconds * SECOND);
    // a connection on which no request ever came counts as busy, and would hold the process up
    const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), (withinSeconds * SECOND) / 2);
    cut.unref();
    app.get(Draining, { strict: false }).begin();
    const end = async () => {
      await settled();
      // before the parts of the application end: those that wait until nothing is under way would wait for ever
      app.getHttpServer().close();
      await app.close();
    };
    end().then(
      () => {
        clearTimeout(late);
        logger.info('stopped');
        process.exit(0);
      },
      (err: unknown) => {
        logger.error({ err }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

/** On a busy machine the time may be over before any socket was looked at: three rounds accept, read and take what came. */
async function settled(): Promise<void> {
  await pause(SETTLE);
  for (let round = 0; round < 3; round += 1) await nextRound();
}
