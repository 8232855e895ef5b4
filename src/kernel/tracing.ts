export type SpanAttributes = Readonly<Record<string, string | number>>;

export interface SpanOptions {
  /** of few values: `command StopWorker`, `GET /api/v1/workers/:id` */
  readonly name: string;
  /** server: answers somebody; client: asks somebody outside */
  readonly kind: 'server' | 'client' | 'internal';
  /** no secrets, no bodies, no values of queries */
  readonly attributes?: SpanAttributes;
  /** the `traceparent` header (W3C Trace Context) of who asks; left out: the parent is the span that this is begun in */
  readonly traceparent?: string | undefined;
}

/** A piece of work whose time is taken. */
export interface OpenSpan {
  readonly traceId: string;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** What is begun in it becomes its child. */
  within<T>(work: () => T): T;
  /** @param failure what kind of failure it ended in: a code or a name, never a message */
  end(failure?: string): void;
}

/** Tells what a request, a command or a tick did, and how long each part took. */
export abstract class Tracer {
  abstract begin(options: SpanOptions): OpenSpan;
  /** of the span that this is called in; null: in none */
  abstract get traceId(): string | null;
  /** What is not told yet is told, in bounded time. Never rejects. */
  abstract close(): Promise<void>;

  /** Takes the time of a piece of work; an error is noted by its code or name. @throws what the work throws */
  async run<T>(options: SpanOptions, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    const span = this.begin(options);
    try {
      const result = await span.within(() => work(span));
      span.end();
      return result;
    } catch (error) {
      span.end(failureOf(error));
      throw error;
    }
  }
}

/** The code of an error, else its name: never its message, which may hold anything. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

const NO_SPAN: OpenSpan = {
  traceId: '',
  rename: () => {},
  set: () => {},
  within: (work) => work(),
  end: () => {},
};

/** Nobody wants to know. */
export class NoTracer extends Tracer {
  readonly traceId = null;

  begin(): OpenSpan {
    return NO_SPAN;
  }

  override run<T>(_options: SpanOptions, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    return work(NO_SPAN);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
