import { isSignedBy, type Received } from '../../../src/webhooks/testing/receiver';
import { type LoggedEvent } from '../logged-events';

/** What is wrong with what a webhook received, one sentence each: all of `expected`, and nothing else, must be there. */
export function verifyReceived(received: readonly Received[], expected: readonly LoggedEvent[]): string[] {
  const places = new Map(expected.map(({ id, place }) => [id, place]));
  const ids = new Map<string, string>();
  const bodies = new Map<string, Buffer>();
  const events = new Map<string, string>();
  const faults = new Set<string>();
  for (const { headers, body } of received) {
    const id = String(headers['webhook-id']);
    const event = eventIdOf(body);
    if (!places.has(event)) faults.add(`it was told of ${event}, which it should not hear of`);
    if ((ids.get(event) ?? id) !== id) faults.add(`${event} came as ${ids.get(event)} and as ${id}`);
    if ((events.get(id) ?? event) !== event) faults.add(`${id} brought ${events.get(id)} and ${event}`);
    if (!(bodies.get(id) ?? body).equals(body)) faults.add(`${id} came with two bodies`);
    ids.set(event, id);
    events.set(id, event);
    bodies.set(id, body);
  }
  const missing = [...places].filter(([id]) => !ids.has(id));
  return [...faults, ...missing.map(([id, place]) => `it was not told of ${id} at ${place}`)];
}

/** Those that whoever has the secret did not sign at the time that they state. */
export function verifySignatures(received: readonly Received[], secret: string): string[] {
  return received
    .filter((one) => !isSignedBy(secret, one, new Date(Number(one.headers['webhook-timestamp']) * 1_000)))
    .map(({ headers }) => `${String(headers['webhook-id'])} came with a wrong signature`);
}

export function eventIdOf(body: Buffer): string {
  return (JSON.parse(body.toString()) as { id: string }).id;
}
