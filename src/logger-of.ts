import { type Logger } from 'pino';
import pretty from 'pino-pretty';
import { type Settings } from './config/settings';
import { rootLogger } from './http';
import { NoTracer, type Tracer } from './kernel/tracing';

/** The process' logger: JSON lines, or readable ones where a person watches. */
export function loggerOf(settings: Settings, onTerminal: boolean, tracer: Tracer = new NoTracer()): Logger {
  const format = settings.FLEET_LOG_FORMAT ?? (onTerminal ? 'pretty' : 'json');
  const destination = format === 'pretty' ? pretty({ ignore: 'pid,hostname', sync: true }) : undefined;
  const traceId = tracer instanceof NoTracer ? undefined : () => tracer.traceId;
  return rootLogger({ level: settings.FLEET_LOG_LEVEL, destination, traceId });
}
