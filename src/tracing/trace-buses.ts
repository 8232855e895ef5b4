import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type Tracer } from '../kernel/tracing';

/**
 * Each command as a span, and each query of something that is one: its class, and what kind of failure it ended in;
 * nothing of what it holds. Queries for metrics and health checks would only be noise.
 */
export function traceBuses(tracer: Tracer, commands: CommandBus, queries: QueryBus): void {
  traceBus(tracer, commands, 'command');
  traceBus(tracer, queries, 'query');
}

/** The buses have no place for others to stand in: what they carry out is reached by this one method. */
function traceBus(
  tracer: Tracer,
  bus: { execute(message: object, ...rest: unknown[]): Promise<unknown> },
  what: 'command' | 'query',
): void {
  const execute = bus.execute.bind(bus);
  bus.execute = (message, ...rest) => {
    if (what === 'query' && tracer.traceId === null) return execute(message, ...rest);
    const { name } = message.constructor;
    const attributes = { [`cml_fleet.${what}`]: name, ...contextOf(message) };
    return tracer.run({ name: `${what} ${name}`, kind: 'internal', attributes }, () =>
      execute(message, ...rest),
    );
  };
}

/** Whose request a command belongs to, by which its log lines and events are found. */
function contextOf(message: object): Record<string, string> {
  const { context } = message as { context?: { correlationId?: unknown } };
  const id = context?.correlationId;
  return typeof id === 'string' ? { 'cml_fleet.correlation_id': id } : {};
}
