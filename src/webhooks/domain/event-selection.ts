import { type WebhookDetails } from './webhook-events';

/** A stored type, `worker.status-updated`, or all of an aggregate, `worker.*`. */
export const TYPE_PATTERN = /^[a-z]+(-[a-z]+)*\.([*]|[a-z]+(-[a-z]+)*)$/;

/** The stored type of what may be written as the CloudEvents type: `io.cml-fleet.worker.status-updated.v1`. */
export function storedType(text: string): string {
  return text.replace(/^io\.cml-fleet\./, '').replace(/\.v\d+$/, '');
}

/** Whether a webhook wants to hear of an event. */
export function selects(
  { types, workerIds }: Pick<WebhookDetails, 'types' | 'workerIds'>,
  { type, aggregateId }: { readonly type: string; readonly aggregateId: string },
): boolean {
  if (workerIds.length > 0 && !workerIds.includes(aggregateId)) return false;
  return types.length === 0 || types.some((pattern) => matches(pattern, type));
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}
