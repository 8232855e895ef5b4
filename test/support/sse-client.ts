import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type SseMessage, SseParser } from '../../src/admin-cli/sse-parser';

export interface SseRequest {
  /** of the stream, without its query */
  readonly url: string;
  readonly key: string;
  readonly lastEventId?: string | null;
  /** the query */
  readonly filters?: Readonly<Record<string, string>>;
}

/** The answer was no event stream. */
export class SseRefused extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
    readonly headers: IncomingHttpHeaders,
  ) {
    super(`${status} ${body}`);
  }
}

/**
 * One connection to an event stream, over which one may iterate once: until the server ends it, it breaks, or `close`.
 * It has a socket of its own, which is gone after that.
 */
export class SseConnection implements AsyncIterable<SseMessage> {
  /** null while it is open */
  endedBy: 'server' | 'client' | 'failure' | null = null;
  private readonly parser = new SseParser();

  constructor(private readonly answer: IncomingMessage) {}

  /** What to connect again with: the id of what was taken last, or of a heartbeat; null before the first. */
  get lastEventId(): string | null {
    return this.parser.lastEventId;
  }

  get retry(): number | null {
    return this.parser.retry;
  }

  get headers(): IncomingHttpHeaders {
    return this.answer.headers;
  }

  close(): void {
    this.endedBy ??= 'client';
    this.answer.destroy();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<SseMessage> {
    this.answer.setEncoding('utf8');
    try {
      for await (const chunk of this.answer) yield* this.parser.feed(chunk as string);
      this.endedBy ??= 'server';
    } catch (error) {
      // it is an Error of another realm than the test's
      const isCut = (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      if (!isCut && this.endedBy === null) throw error;
      this.endedBy ??= 'failure';
    } finally {
      this.close();
    }
  }

  /** The next so many messages; fewer if the stream ends before. The connection is closed then. */
  async take(count: number): Promise<SseMessage[]> {
    const messages: SseMessage[] = [];
    if (count === 0) this.close();
    else {
      for await (const message of this) {
        messages.push(message);
        if (messages.length === count) break;
      }
    }
    return messages;
  }
}

/** @throws SseRefused unless the answer is an event stream */
export async function connect({
  url,
  key,
  lastEventId = null,
  filters = {},
}: SseRequest): Promise<SseConnection> {
  const outgoing = request(`${url}?${new URLSearchParams(filters).toString()}`, {
    agent: false,
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
      ...(lastEventId !== null && { 'last-event-id': lastEventId }),
    },
  });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  // a connection that breaks later is an error of the answer, too, which its reader sees
  outgoing.on('error', () => answer.destroy());
  const { statusCode = 0, headers } = answer;
  if (statusCode !== 200) throw new SseRefused(statusCode, await text(answer), headers);
  return new SseConnection(answer);
}
