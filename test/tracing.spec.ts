import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Tracer } from '../src/kernel/tracing';
import { Secret } from '../src/kernel/secret';
import { openTracer } from '../src/tracing';
import { compileApp } from './support/app-process';
import { eventually } from './support/eventually';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { openTestDatabase, type TestDatabase } from './support/test-database';
import { type CollectedSpan, startTraceCollector, type TraceCollector } from './support/trace-collector';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const SERVER = 2;
const FAILED = 2;
const REASON = 'a reason that only the events hold';

describe('traces of the whole application', () => {
  let collector: TraceCollector;
  let database: TestDatabase;
  let tracer: Tracer;
  let app: MemoryApp;
  let closed: Promise<void> | null = null;
  const close = () => (closed ??= app.close());

  beforeAll(async () => {
    [collector, database] = await Promise.all([startTraceCollector(), openTestDatabase()]);
    tracer = openTracer({ url: new Secret(collector.url), version: '0.0.0', instance: 'one' });
    const env = {
      FLEET_PERSISTENCE: 'mongo',
      FLEET_MONGODB_URI: database.uri,
      FLEET_SECRETS_KEYS: `k1:${Buffer.alloc(32, 5).toString('base64')}`,
    };
    app = await startMemoryApp(env, { tracer });
    const fleet = new FleetSteps(app);
    const { id } = await fleet.available();
    const stopped = await app.admin.post(
      `/api/v1/workers/${id}/stop`,
      { reason: REASON },
      { traceparent: `00-${TRACE}-${PARENT}-01` },
    );
    expect(stopped.status).toBe(202);
    await eventually(async () => expect((await fleet.show(id)).status).toBe('STOPPING'));
    await app.admin.post('/api/v1/workers/00000000-0000-4000-8000-000000000999/start', { reason: REASON });
    await app.as(null).get('/notices/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl?secret=in-query');
    await close();
  });
  afterAll(async () => {
    await close();
    await database.drop();
    await collector.close();
  });

  const ofTrace = () => collector.spans.filter(({ traceId }) => traceId === TRACE);
  const named = (name: RegExp) => {
    const span = ofTrace().find((one) => name.test(one.name));
    if (!span)
      throw new Error(
        `no span ${String(name)} among ${ofTrace()
          .map((one) => one.name)
          .join(', ')}`,
      );
    return span;
  };
  /** Names from the root to the span. */
  const chain = (span: CollectedSpan): string[] => {
    const above = ofTrace().find(({ spanId }) => spanId === span.parentSpanId);
    return [...(above ? chain(above) : []), span.name];
  };
  const attribute = (span: CollectedSpan, name: string) =>
    span.attributes.find(({ key }) => key === name)?.value.stringValue;

  it("go from the caller's span over the request and its commands to EC2 and MongoDB", () => {
    const request = named(/^POST /);
    expect([request.name, request.kind, request.parentSpanId]).toEqual([
      'POST /api/v1/workers/:id/stop',
      SERVER,
      PARENT,
    ]);
    expect(chain(named(/^EC2 StopInstances$/))).toEqual([
      'POST /api/v1/workers/:id/stop',
      'command StopWorker',
      'command ReconcileWorker',
      'EC2 StopInstances',
    ]);
    expect(chain(named(/^insert es_commits$/)).slice(0, 2)).toEqual([
      'POST /api/v1/workers/:id/stop',
      'command StopWorker',
    ]);
  });

  it('hold ticks, with what they ask of CML servers, whose ids are left out', () => {
    // a worker that just came to run is looked at within the trace of what found it running, and not of this tick
    const tracesOf = (name: RegExp) =>
      collector.spans.filter((span) => name.test(span.name)).map(({ traceId }) => traceId);
    const ofTicks = new Set(tracesOf(/^(tick observe-cml|command ObserveCml)/));
    expect(tracesOf(/^CML GET \/system_information/).some((id) => ofTicks.has(id))).toBe(true);
    expect(collector.spans.filter(({ name }) => /[0-9a-f]{8}-/.test(name))).toEqual([]);
  });

  it('stand in the lines that are logged', () => {
    const lines = app.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const ours = lines.filter(({ traceId }) => traceId === TRACE);
    expect(ours).toContainEqual(expect.objectContaining({ msg: 'request answered', status: 202 }));
    expect(ours).toContainEqual(expect.objectContaining({ msg: 'worker.desired-state-updated' }));
  });

  it('hold no secret, no body and no path', () => {
    const all = collector.bodies.join('\n');
    expect(all).toContain('StopWorker');
    for (const word of [
      REASON,
      'simulated-password',
      'Bearer',
      'admin-key',
      'in-query',
      'eyJ',
      'c2lnbmF0dXJl',
    ]) {
      expect(all).not.toContain(word);
    }
  });

  it('tell failures by a code', () => {
    const failed = collector.spans.find(({ name }) => name === 'command StartWorker');
    expect([failed?.status.code, failed && attribute(failed, 'error.type')]).toEqual([
      FAILED,
      'worker-not-found',
    ]);
  });
});

it('without a collector nothing of OpenTelemetry is loaded, and with one it is', () => {
  compileApp();
  const build = join(__dirname, '../.build');
  const loaded = (url: string) =>
    execFileSync(process.execPath, [
      '-e',
      `require('reflect-metadata');
       require('${build}/create-app.js');
       const { Secret } = require('${build}/kernel/secret.js');
       require('${build}/tracing/index.js').openTracer({ url: ${url}, version: '0', instance: 'i' });
       // prom-client knows the API, of which nothing but types and names is in use
       const file = /@opentelemetry\\/(?!api\\/)/;
       console.log(Object.keys(require.cache).some((name) => file.test(name)));`,
    ])
      .toString()
      .trim();
  expect(loaded('undefined')).toBe('false');
  expect(loaded("new Secret('http://127.0.0.1:4318')")).toBe('true');
});
