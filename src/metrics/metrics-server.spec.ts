import { type HttpApp, startHttpApp } from '../http/testing/http-app';
import { MetricsModule } from './metrics.module';

describe('metrics on a port of their own', () => {
  let http: HttpApp;
  let url: string;
  beforeAll(async () => {
    http = await startHttpApp({
      imports: [MetricsModule.forRoot({ ownPort: { host: '127.0.0.1', port: 0 } })],
    });
    url = `http://127.0.0.1:${http.app.get(MetricsModule).ownPort}`;
  });
  afterAll(() => http.close());

  it('are told to everybody who reaches it', async () => {
    const answer = await fetch(`${url}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it('are all that is there', async () => {
    for (const path of ['/', '/metrics/', '/metrics?x=1', '/api/v1/workers', '/health/live']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('still need a key on the port of the API', async () => {
    expect((await http.call('GET', '/metrics')).status).toBe(401);
  });

  it('are on no port of their own where none is set', async () => {
    const without = await startHttpApp({ imports: [MetricsModule.forRoot()] });
    expect(without.app.get(MetricsModule).ownPort).toBeNull();
    await without.close();
  });
});
