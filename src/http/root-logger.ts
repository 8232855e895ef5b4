import { Logger as NestPinoLogger, PinoLogger } from 'nestjs-pino';
import { type DestinationStream, type Logger, pino } from 'pino';

const SECRET_HEADERS = ['authorization', 'cookie', '["set-cookie"]', '["x-api-key"]'];

export interface RootLoggerOptions {
  /** pino's: trace, debug, info, warn, error, fatal, silent */
  readonly level: string;
  /** stdout where none is given */
  readonly destination?: DestinationStream;
  /** the trace that a line is written in; left out: nobody traces */
  readonly traceId?: (() => string | null) | undefined;
}

/** The process' one logger: JSON lines, times in ISO 8601, headers that carry secrets struck out wherever they stand. */
export function rootLogger({ level, destination, traceId }: RootLoggerOptions): Logger {
  const paths = ['req.headers', 'headers', 'err.config.headers'].flatMap((place) =>
    SECRET_HEADERS.map((name) => (name.startsWith('[') ? `${place}${name}` : `${place}.${name}`)),
  );
  const options = {
    level,
    redact: { paths, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(traceId && { mixin: () => traceMember(traceId()) }),
  };
  return destination ? pino(options, destination) : pino(options);
}

function traceMember(traceId: string | null) {
  return traceId === null ? {} : { traceId };
}

/** Nest's own lines through the same logger, from the first one on: for `NestFactory.create(…, { logger })`. */
export function nestLogger(logger: Logger): NestPinoLogger {
  return new QuietLogger(new PinoLogger({ pinoHttp: { logger } }), {});
}

/** Parts of Nest that write a line per route and module at each start, in which nobody would find anything else. */
const TALKATIVE: readonly unknown[] = ['InstanceLoader', 'RouterExplorer', 'RoutesResolver'];

class QuietLogger extends NestPinoLogger {
  override log(message: unknown, ...given: unknown[]): void {
    if (TALKATIVE.includes(given.at(-1))) this.debug(message, ...given);
    else super.log(message, ...given);
  }
}
