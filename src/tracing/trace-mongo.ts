import { type mongo } from 'mongoose';
import { type OpenSpan, type Tracer } from '../kernel/tracing';

/** Options of a connection whose commands are traced. */
export const TRACED_CONNECTION = { monitorCommands: true } as const;

/**
 * Each command to MongoDB as a span within what gave it, by the driver's own events: operation and collection, never a
 * statement, since that holds values. What belongs to no span, such as looks for due ticks, is left out.
 */
export function traceMongo(tracer: Tracer, client: mongo.MongoClient): void {
  const open = new Map<string, OpenSpan>();
  const keyOf = ({ requestId, address }: { requestId: number; address: string }) => `${address}#${requestId}`;
  client.on('commandStarted', (event) => {
    if (tracer.traceId === null) return;
    const { commandName, command, databaseName } = event;
    const target = collectionOf(commandName, command);
    const span = tracer.begin({
      name: target === null ? commandName : `${commandName} ${target}`,
      kind: 'client',
      attributes: {
        'db.system.name': 'mongodb',
        'db.namespace': databaseName,
        'db.operation.name': commandName,
        ...(target !== null && { 'db.collection.name': target }),
      },
    });
    open.set(keyOf(event), span);
  });
  const end = (event: { requestId: number; address: string }, failure?: string) => {
    open.get(keyOf(event))?.end(failure);
    open.delete(keyOf(event));
  };
  client.on('commandSucceeded', (event) => end(event));
  client.on('commandFailed', (event) => end(event, event.failure.name));
}

function collectionOf(commandName: string, command: mongo.Document): string | null {
  const { [commandName]: first, collection } = command as Record<string, unknown>;
  if (typeof first === 'string') return first;
  return typeof collection === 'string' ? collection : null;
}
