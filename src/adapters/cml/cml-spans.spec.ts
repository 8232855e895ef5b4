import { ManualTimers } from '../../kernel/timers';
import { NoTracer, type OpenSpan, type SpanOptions, Tracer } from '../../kernel/tracing';
import { type CmlPool } from './cml-pool';
import { CML_TIMEOUTS, CmlRequests } from './cml-request';

class RecordingTracer extends Tracer {
  readonly traceId = null;
  readonly begun: SpanOptions[] = [];
  readonly failures: (string | undefined)[] = [];

  begin(options: SpanOptions): OpenSpan {
    this.begun.push(options);
    return { ...new NoTracer().begin(), end: (failure) => void this.failures.push(failure) };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

it.each([
  ['/labs/9ae2b2/topology?exclude_configurations=true', '/labs/{id}/topology'],
  ['/labs/abcdef/start', '/labs/{id}/start'],
  ['/users/00000000-0000-4000-8000-000000000000/groups', '/users/{id}/groups'],
  ['/system_stats', '/system_stats'],
])(
  'the span of a request to CML at %s tells %s, the server, and what kind of failure',
  async (path, route) => {
    const tracer = new RecordingTracer();
    const request = () => Promise.reject(new Error('with words of the server'));
    const pool = { pick: () => ({ dispatcher: { request }, reused: false }) } as unknown as CmlPool;
    const requests = new CmlRequests(pool, '192.0.2.7', CML_TIMEOUTS, new ManualTimers(), tracer);
    await expect(requests.send({ method: 'PUT', path, body: { password: 'x' } })).rejects.toThrow();
    expect(tracer.begun).toEqual([
      {
        name: `CML PUT ${route}`,
        kind: 'client',
        attributes: {
          'http.request.method': 'PUT',
          'url.template': `/api/v0${route}`,
          'server.address': '192.0.2.7',
        },
      },
    ]);
    expect(tracer.failures).toEqual([expect.stringMatching(/^[\w-]+$/)]);
  },
);
