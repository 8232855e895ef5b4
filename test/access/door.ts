import { type ApiAnswer, type ApiClient } from '../support/api-client';

/** What stands in the places of a path. */
export interface Ids {
  readonly worker: string;
  readonly operation: string;
}

export const UNKNOWN = '00000000-0000-4000-8000-000000000999';

/** The route's path; whatever is neither a worker nor an operation is one that does not exist. */
export function pathOf(route: string, { worker, operation }: Ids): string {
  const path = route.split(' ')[1] ?? '';
  const id = path.includes('/workers/{id}')
    ? worker
    : path.includes('/operations/{id}')
      ? operation
      : UNKNOWN;
  return path
    .replace('{id}', id)
    .replace(/\{(labId|topologyId|workerId|deliveryId)\}/, UNKNOWN)
    .replace('{userId}', 'user:nobody')
    .replace('{version}', '1')
    .replace('{stream}', 'worker-x')
    .replace('{name}', 'mars-east-1');
}

/**
 * Asks whether a route's door opens, and wants nothing done behind it: something is wrong with the request that is looked
 * at only after who may make it was decided.
 */
export function knock(client: ApiClient, route: string, ids: Ids): Promise<ApiAnswer> {
  const [method = ''] = route.split(' ');
  const path = pathOf(route, ids);
  switch (method) {
    case 'POST':
      // whose operation it is, is found out behind that, and to cancel one again changes nothing
      if (route.endsWith('/cancel')) return client.post(path);
      return client.post(path, {}, { 'Idempotency-Key': 'x'.repeat(129) });
    case 'DELETE':
      return client.delete(`${path}?nonsense=1`, { 'If-Match': 'nonsense' });
    case 'GET':
      return client.get(path);
    default:
      return client.send(method, path, { nonsense: 1 });
  }
}

/** The answer without what is each request's own, and without the ids that were asked for. */
export function told({ status, headers, body }: ApiAnswer, ...ids: readonly string[]): unknown {
  const { correlationId: _own, instance: _path, ...rest } = body as Record<string, unknown>;
  const text = ids.reduce((before, id) => before.replaceAll(id, '<id>'), JSON.stringify(rest));
  const names = [...headers.keys()].filter((name) => name !== 'content-length').sort();
  return { status, names, type: headers.get('content-type'), body: JSON.parse(text) as unknown };
}
