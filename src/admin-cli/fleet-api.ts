import { type Secret } from '../kernel/secret';
import { type AdminIo } from './admin-io';
import { CliError, EXIT } from './cli-error';
import { ApiProblem, type ProblemDocument } from './problem';

/** An answer, and its body as it came. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly text: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Milliseconds within which an answer is there; streams take what they take once they have begun. */
const PATIENCE = 30_000;

/** Requests to one server by one key. Its methods throw ApiProblem where it says no, and CliError where nobody answers. */
export class FleetApi {
  constructor(
    /** without a slash at its end */
    readonly url: string,
    /** null: only what is open to all can be asked for */
    private readonly key: Secret | null,
    private readonly io: AdminIo,
  ) {}

  get<T>(path: string, query: Query = {}): Promise<Answer<T>> {
    return this.send<T>('GET', withQuery(path, query));
  }

  post<T>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.send<T>('POST', path, body);
  }

  delete<T>(path: string): Promise<Answer<T>> {
    return this.send<T>('DELETE', path);
  }

  /** All pages of a list. */
  async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await this.get<Page<T>>(path, { limit: 200, ...query, cursor });
      items.push(...body.items);
      cursor = body.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  /** A stream of events, once it has begun. */
  async stream(path: string, query: Query, lastEventId: string | null): Promise<Response> {
    const headers = { accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) };
    const began = new AbortController();
    const late = setTimeout(() => began.abort(new DOMException('late', 'TimeoutError')), PATIENCE);
    try {
      const signal = AbortSignal.any([this.io.signal, began.signal]);
      const answer = await this.fetched(withQuery(path, query), { headers, signal });
      if (!answer.ok) throw problemOf(answer, await answer.text());
      return answer;
    } finally {
      clearTimeout(late);
    }
  }

  private async send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const signal = AbortSignal.any([this.io.signal, AbortSignal.timeout(PATIENCE)]);
    const answer = await this.fetched(path, {
      ...{ method, signal },
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text().catch((error: unknown) => this.fail(error));
    if (!answer.ok) throw problemOf(answer, text);
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text === '' ? null : parsed(text)) as T,
      text,
    };
  }

  private async fetched(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.key) headers.set('authorization', `Bearer ${this.key.reveal()}`);
    try {
      // a redirect could lead the key to somebody else
      return await fetch(`${this.url}${path}`, { ...init, headers, redirect: 'manual' });
    } catch (error) {
      return this.fail(error);
    }
  }

  private fail(error: unknown): never {
    if (this.io.signal.aborted) throw new CliError('interrupted', EXIT.interrupted, { cause: error });
    throw new CliError(`${this.url} does not answer: ${causeOf(error)}.`, EXIT.unavailable, { cause: error });
  }
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const pairs = given.map(([name, value]): [string, string] => [name, String(value)]);
  const text = new URLSearchParams(pairs).toString();
  return text === '' ? path : `${path}?${text}`;
}

function problemOf(answer: Response, text: string): CliError {
  const retryAfter = /^\d+$/.test(answer.headers.get('retry-after') ?? '')
    ? Number(answer.headers.get('retry-after'))
    : null;
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem) return new ApiProblem(parsed(text) as ProblemDocument, text, retryAfter);
  if (answer.status >= 300 && answer.status < 400) {
    const place = answer.headers.get('location') ?? 'elsewhere';
    return new CliError(`The server leads to ${place}: give that as the URL, if it is right.`, EXIT.usage);
  }
  // a proxy before it, or no cml-fleet at all
  return new ApiProblem({ status: answer.status }, text, retryAfter);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError('What answered is not cml-fleet: no JSON.', EXIT.unavailable, { cause: error });
  }
}

/** The system's word for it: fetch says no more than that it failed. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `nothing came within ${PATIENCE / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code } = cause as NodeJS.ErrnoException;
  return code && !cause.message.includes(code)
    ? `${code} ${cause.message}`.trim()
    : cause.message || error.message;
}
