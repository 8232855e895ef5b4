import { type Dispatcher } from 'undici';
import { type Secret } from '../../kernel/secret';
import { type Timers } from '../../kernel/timers';
import { NoTracer, type SpanOptions, type Tracer } from '../../kernel/tracing';
import { type CmlError, type CmlFailure } from '../../telemetry';
import { capped, MEBIBYTE, textOf } from './answer-bytes';
import { cmlErrorOf, isBrokenConnection, refusal, timedOut, unreadable } from './cml-errors';
import { type CmlPool } from './cml-pool';
import { readList } from './json-list';
import { withoutSecrets } from './quoted-words';
import { recordIn, textIn } from './unknown-json';

/** Milliseconds until a request is given up, the connection and the whole answer included. */
export interface CmlTimeouts {
  readonly read: number;
  /** an answer that may be large */
  readonly longRead: number;
  readonly write: number;
  /** CML asks Cisco's Smart Licensing before it answers, and gives up on that after 60 s */
  readonly deregistration: number;
}

export const CML_TIMEOUTS: CmlTimeouts = {
  read: 10_000,
  longRead: 30_000,
  write: 30_000,
  deregistration: 90_000,
};

const MAX_ANSWER_BYTES = 4 * MEBIBYTE;
/** The telemetry holds every event since the installation, some 150 bytes each: this is about 900,000 of them. */
const MAX_LIST_BYTES = 128 * MEBIBYTE;

/** Signs of what CML says about an error; more would only be searched for secrets and then cut off. */
const MOST_WORDS = 4_000;

const BASE_PATH = '/api/v0';

export interface CmlRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** below /api/v0, with its query */
  readonly path: string;
  /** how long it may take; `read` for GET, `write` for the rest, where it is left out */
  readonly takes?: keyof CmlTimeouts;
  readonly token?: Secret;
  /** sent as JSON; left out: no body */
  readonly body?: unknown;
  /** secrets in the body, which must not appear in what is said about the answer */
  readonly secrets?: readonly Secret[];
  /** a good answer is a list, called `what` in errors, whose entries are taken as they come; `body` is null then */
  readonly list?: { readonly what: string; readonly take: (entry: unknown) => void };
}

/** An answer of any status. */
export interface CmlAnswer {
  readonly status: number;
  readonly content: 'json' | 'broken-json' | 'html' | 'other';
  /** parsed, where it is JSON */
  readonly body: unknown;
  /** as it came; empty where it was a list */
  readonly text: string;
  /** what CML says in words about an error, without secrets */
  readonly description: string | null;
}

/**
 * Sends requests to one server, each within its time and size. A GET is sent again, once, when a kept connection was
 * closed under it; nothing else ever is, since nobody knows whether the server has done it.
 */
export class CmlRequests {
  constructor(
    private readonly pool: CmlPool,
    private readonly host: string,
    private readonly timeouts: CmlTimeouts,
    private readonly timers: Timers,
    private readonly tracer: Tracer = new NoTracer(),
  ) {}

  /** @throws CmlError where there is no answer; an answer of any status is one */
  send(request: CmlRequest, signal?: AbortSignal): Promise<CmlAnswer> {
    return this.tracer.run(spanOf(request, this.host), async (span) => {
      const answer = await this.ask(request, signal);
      span.set({ 'http.response.status_code': answer.status });
      return answer;
    });
  }

  private async ask(request: CmlRequest, signal?: AbortSignal): Promise<CmlAnswer> {
    const over = new AbortController();
    const takes = request.takes ?? (request.method === 'GET' ? 'read' : 'write');
    const callOff = this.timers.after(this.timeouts[takes], () => over.abort(timedOut(this.host)));
    try {
      signal?.throwIfAborted();
      const signals = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
      return await answerOf(await this.dispatch(request, signals), request);
    } catch (error) {
      // An answer that nobody reads to its end would hold its connection.
      over.abort();
      throw cmlErrorOf(error, this.host);
    } finally {
      callOff();
    }
  }

  private async dispatch(request: CmlRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { dispatcher, reused } = this.pool.pick();
    const options = optionsOf(request, signal);
    try {
      return await dispatcher.request(options);
    } catch (error) {
      if (request.method !== 'GET' || !reused || !isBrokenConnection(error)) throw error;
      return this.pool.pick().dispatcher.request(options);
    }
  }
}

/** The JSON of an answer that should be a good one. @throws CmlError if it is not */
export function bodyOf(answer: CmlAnswer): unknown {
  if (isGood(answer)) {
    if (answer.content === 'json') return answer.body;
    if (answer.content === 'broken-json') throw unreadable('it is no complete JSON');
  }
  throw refusalOf(answer);
}

/** Whether a change was accepted, with or without a body (from 2.11 on some have one). @throws CmlError if it was not */
export function accepted(answer: CmlAnswer): CmlAnswer {
  if (isGood(answer) && answer.content !== 'html') return answer;
  throw refusalOf(answer);
}

/** The answer as an error; a `failure` of its own where the caller knows better than the status. */
export function refusalOf(answer: CmlAnswer, failure?: CmlFailure): CmlError {
  // Nginx answers in HTML, CML never does; and a good answer comes here only if it is not JSON where JSON is due.
  const fromCml = answer.content !== 'html' && !isGood(answer);
  return refusal(answer.status, fromCml, answer.description, failure);
}

/** Ids have no place in the name of a span, and queries may hold anything. */
function spanOf({ method, path }: CmlRequest, host: string): SpanOptions {
  const route = path
    .replace(/[?#].*$/, '')
    .replace(/\/labs\/[^/]+/g, '/labs/{id}')
    .replace(/\/[^/]*\d[^/]*(?=\/|$)/g, '/{id}');
  return {
    name: `CML ${method} ${route}`,
    kind: 'client',
    attributes: { 'http.request.method': method, 'url.template': BASE_PATH + route, 'server.address': host },
  };
}

function isGood({ status }: CmlAnswer): boolean {
  return status >= 200 && status < 300;
}

function optionsOf({ method, path, token, body }: CmlRequest, signal: AbortSignal) {
  return {
    method,
    path: `${BASE_PATH}${path}`,
    headers: {
      accept: 'application/json',
      'x-cml-client': 'cml-fleet',
      ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  };
}

async function answerOf(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  { list, token, secrets = [] }: CmlRequest,
): Promise<CmlAnswer> {
  const type = String(headers['content-type']);
  const length = Number(headers['content-length'] ?? 0);
  if (list && status === 200 && isJson(type)) {
    await readList(capped(body, length, MAX_LIST_BYTES), list.what, list.take);
    return { status, content: 'json', body: null, text: '', description: null };
  }
  const text = await textOf(capped(body, length, MAX_ANSWER_BYTES));
  const content = contentOf(type, text);
  const words = textIn(recordIn(content.body)['description'])?.slice(0, MOST_WORDS) ?? null;
  const sent = token ? [token, ...secrets] : secrets;
  return { status, text, description: words === null ? null : withoutSecrets(words, sent), ...content };
}

function isJson(contentType: string): boolean {
  return /^application\/(.+[+])?json\b/i.test(contentType);
}

function contentOf(contentType: string, text: string): Pick<CmlAnswer, 'content' | 'body'> {
  if (!isJson(contentType)) {
    return { content: /^text\/html\b/i.test(contentType) ? 'html' : 'other', body: null };
  }
  try {
    return { content: 'json', body: JSON.parse(text) };
  } catch {
    // The parser's message would quote the answer, which may be a login's.
    return { content: 'broken-json', body: null };
  }
}
