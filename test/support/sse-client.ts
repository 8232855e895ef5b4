import { type SseMessage, SseParser } from './sse-parser';

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
    readonly headers: Headers,
  ) {
    super(`${status} ${body}`);
  }
}

/**
 * One connection to an event stream, over which one may iterate once: until the server ends it, or `close`. A connection
 * that breaks ends the iteration as well; `endedBy` tells which.
 */
export class SseConnection implements AsyncIterable<SseMessage> {
  endedBy: 'server' | 'client' | 'failure' | null = null;
  private readonly parser = new SseParser();

  constructor(
    private readonly answer: Response,
    private readonly controller: AbortController,
  ) {}

  /** What to connect again with; null before the server gave an id. */
  get lastEventId(): string | null {
    return this.parser.lastEventId;
  }

  get retry(): number | null {
    return this.parser.retry;
  }

  get headers(): Headers {
    return this.answer.headers;
  }

  close(): void {
    this.endedBy ??= 'client';
    this.controller.abort();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<SseMessage> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.answer.body ?? []) {
        yield* this.parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
      }
      this.endedBy ??= 'server';
    } catch (error) {
      if (this.endedBy === null && !(error instanceof TypeError)) throw error;
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
  const controller = new AbortController();
  const answer = await fetch(`${url}?${new URLSearchParams(filters).toString()}`, {
    signal: controller.signal,
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
      ...(lastEventId !== null && { 'last-event-id': lastEventId }),
    },
  });
  if (answer.status !== 200) throw new SseRefused(answer.status, await answer.text(), answer.headers);
  return new SseConnection(answer, controller);
}
