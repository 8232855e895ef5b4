import { type Dispatcher } from 'undici';
import { CmlError } from '../../telemetry';
import { cmlErrorOf, refusal, unreadable } from './cml-errors';
import { recordIn, textIn } from './unknown-json';

/** Enough for any answer but the telemetry, which holds every event since the installation. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
export const MAX_TELEMETRY_BYTES = 32 * 1024 * 1024;

const BASE_PATH = '/api/v0';

export interface CmlRequest {
  readonly method: 'GET' | 'POST';
  /** below /api/v0, with its query */
  readonly path: string;
  readonly token?: string;
  /** sent as JSON */
  readonly body?: unknown;
  readonly maxBytes: number;
}

/** An answer of any status. `body` counts only where the answer says that it is JSON, and is. */
export interface CmlAnswer {
  readonly status: number;
  readonly content: 'json' | 'broken-json' | 'other';
  readonly body: unknown;
}

/** Sends requests to one server, each within its time and size. */
export class CmlRequests {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly host: string,
    private readonly timeoutMs: number,
  ) {}

  /** @throws CmlError where there is no answer; an answer of any status is one */
  async send(request: CmlRequest, signal: AbortSignal): Promise<CmlAnswer> {
    const { method, path, token, body, maxBytes } = request;
    try {
      signal.throwIfAborted();
      const answer = await this.dispatcher.request({
        method,
        path: `${BASE_PATH}${path}`,
        headers: {
          accept: 'application/json',
          'x-cml-client': 'cml-fleet',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.timeoutMs)]),
        headersTimeout: this.timeoutMs,
        bodyTimeout: this.timeoutMs,
      });
      const text = await textOf(answer.body, maxBytes);
      return { status: answer.statusCode, ...contentOf(answer.headers['content-type'], text) };
    } catch (error) {
      throw cmlErrorOf(error, this.host);
    }
  }
}

/** The JSON of an answer that should be a good one. @throws CmlError if it is not */
export function bodyOf({ status, content, body }: CmlAnswer): unknown {
  if (status >= 200 && status < 300) {
    if (content === 'json') return body;
    if (content === 'broken-json') throw unreadable('it is no complete JSON');
  }
  throw refusal(status, content === 'json', textIn(recordIn(body)['description']));
}

async function textOf(body: AsyncIterable<unknown>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) {
      throw new CmlError('unreadable', `The answer is larger than the ${maxBytes} bytes that are read.`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function contentOf(
  contentType: string | string[] | undefined,
  text: string,
): Pick<CmlAnswer, 'content' | 'body'> {
  if (!/^application\/(.+[+])?json\b/i.test(String(contentType))) return { content: 'other', body: null };
  try {
    return { content: 'json', body: JSON.parse(text) };
  } catch {
    // The parser's message would quote the answer, which may be a login's.
    return { content: 'broken-json', body: null };
  }
}
