import { createRequire } from 'node:module';
import { NoTracer, type Tracer } from '../kernel/tracing';
import type * as otel from './otel-tracer';

/** A tracer that tells a collector, or one that does nothing, for which nothing of OpenTelemetry is loaded. */
export function openTracer(
  options: Omit<otel.OtelTracerOptions, 'url'> & { readonly url: otel.OtelTracerOptions['url'] | undefined },
): Tracer {
  const { url, ...rest } = options;
  if (!url) return new NoTracer();
  const { OtelTracer } = createRequire(__filename)('./otel-tracer') as typeof otel;
  return new OtelTracer({ url, ...rest });
}
