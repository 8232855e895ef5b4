import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { SECOND } from '../kernel/clocks';
import { type Secret } from '../kernel/secret';
import { type OpenSpan, type SpanOptions, Tracer } from '../kernel/tracing';

/** Machine milliseconds that one batch may take, and that the last ones may take at the end. */
const EXPORT_MS = 5 * SECOND;

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

export interface OtelTracerOptions {
  /** of the collector, without the path `/v1/traces` */
  readonly url: Secret;
  readonly version: string;
  /** this process among the replicas */
  readonly instance: string;
}

/**
 * Spans by OpenTelemetry, sent by OTLP over HTTP. It puts nothing of its own into other packages: what is a span is said
 * where the work is done. Contexts are its own as well, so that several applications of one process do not meet.
 */
export class OtelTracer extends Tracer {
  private readonly contexts = new AsyncLocalStorageContextManager().enable();
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly provider: TracerProvider;

  constructor({ url, version, instance }: OtelTracerOptions) {
    super();
    const exporter = new OTLPTraceExporter({ url: `${url.reveal()}/v1/traces`, timeoutMillis: EXPORT_MS });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': 'cml-fleet',
        'service.version': version,
        'service.instance.id': instance,
      }),
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_MS })],
    });
  }

  get traceId(): string | null {
    return trace.getSpanContext(this.contexts.active())?.traceId ?? null;
  }

  begin({ name, kind, attributes = {}, traceparent }: SpanOptions): OpenSpan {
    const parent = traceparent === undefined ? this.contexts.active() : this.parentOf(traceparent);
    const tracer = this.provider.getTracer('cml-fleet');
    const span = tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent);
    return new OtelSpan(span, trace.setSpan(parent, span), this.contexts);
  }

  async close(): Promise<void> {
    // what the collector does not take is lost: traces are no books
    await Promise.allSettled([this.provider.shutdown()]);
    this.contexts.disable();
  }

  /** One that cannot be read is none. */
  private parentOf(traceparent: string): Context {
    const getter = { get: (_: unknown, key: string) => (key === 'traceparent' ? traceparent : undefined) };
    return this.propagator.extract(ROOT_CONTEXT, {}, { ...getter, keys: () => ['traceparent'] });
  }
}

class OtelSpan implements OpenSpan {
  constructor(
    private readonly span: Span,
    private readonly context: Context,
    private readonly contexts: AsyncLocalStorageContextManager,
  ) {}

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  set(attributes: NonNullable<SpanOptions['attributes']>): void {
    this.span.setAttributes(attributes);
  }

  within<T>(work: () => T): T {
    return this.contexts.with(this.context, work);
  }

  end(failure?: string): void {
    if (failure !== undefined) {
      this.span.setAttribute('error.type', failure);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}
