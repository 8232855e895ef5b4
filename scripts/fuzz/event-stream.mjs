// The stream of events, which never ends: schemathesis would wait for its end.
import { STREAM } from './configuration.mjs';

const EVENTS = 'text/event-stream';
const PROBLEM = 'application/problem+json';
const WITHIN_MS = 10_000;

const CASES = [
  { query: '', status: 200 },
  { query: 'after=0&types=worker.*', status: 200 },
  { query: 'types=worker.status-updated,api-key.*', headers: { 'Last-Event-ID': '0' }, status: 200 },
  { query: 'after=no-place', status: 422 },
  { query: 'after=%00', status: 422 },
  { query: `after=${'9'.repeat(65)}`, status: 422 },
  { query: 'types=%F0%9F%90%88', status: 422 },
  { query: 'types=', status: 422 },
  { query: 'workerIds=one', status: 422 },
  { query: 'types=a&types=b', status: 422 },
  { query: 'unknown=1', status: 422 },
  { query: '', headers: { 'Last-Event-ID': 'no-place' }, status: 422 },
];

/** @returns a sentence for each answer that is not as the document tells */
export async function askStream(url, key) {
  const asked = [...CASES.map((given) => ({ key, ...given })), { key: null, query: '', status: 401 }];
  const failures = await Promise.all(asked.map((given) => failureOf(url, given)));
  return failures.filter((failure) => failure !== null);
}

async function failureOf(url, { key, query, headers, status }) {
  const answer = await fetch(`${url}${STREAM}?${query}`, {
    headers: { ...(key && { authorization: `Bearer ${key}` }), ...headers },
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const type = answer.headers.get('content-type') ?? '';
  const wanted = status === 200 ? EVENTS : PROBLEM;
  const asWanted = answer.status === status && type.startsWith(wanted);
  const text = asWanted ? '' : await answer.text();
  if (asWanted) await answer.body?.cancel();
  if (asWanted) return null;
  return `${STREAM}?${query} was answered by ${answer.status} ${type}, not ${status} ${wanted}: ${text}`;
}
