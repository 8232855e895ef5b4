import { type Observation, observed } from '../../../telemetry/domain/observation';
import { type ServiceHealth, serviceHealth } from '../../../telemetry/domain/service-health';
import { CmlBench } from '../../../../test/support/cml-bench';

let bench: CmlBench;
beforeEach(async () => {
  bench = await CmlBench.start();
});
afterEach(() => bench.stop());

describe('pitfall 4, what a server that starts answers:', () => {
  it.each([
    ['502', { status: 502, html: true }, 'not-ready'],
    ['503', { status: 503, html: true }, 'not-ready'],
    ['504', { status: 504, html: true }, 'not-ready'],
    ['HTML where JSON is due', { body: { text: '<html>starting</html>' } }, 'not-ready'],
    ['no connection', { cut: 'before-answer' }, 'unreachable'],
  ] as const)('%s means not ready, to readings and to changes', async (_, fault, failure) => {
    bench.fault({ ...fault, paths: ['/labs', '/licensing/*', '/system_information'] });
    const { observing, licensing } = bench.clients;
    const passing = { failure, code: 'cml-unavailable', retryAfterSeconds: 60 };

    await expect(observing.readSystem(bench.server)).rejects.toMatchObject(passing);
    await expect(observing.readLabs(bench.server)).rejects.toMatchObject(passing);
    if (!('body' in fault)) {
      await expect(licensing.renewAuthorization(bench.server)).rejects.toMatchObject(passing);
    }
  });

  it('a page of nginx at the login says nothing about the credentials', async () => {
    bench.fault({ paths: ['/auth_extended'], status: 502, html: true, next: 1 });
    await expect(bench.clients.observing.readLabs(bench.server)).rejects.toMatchObject({
      failure: 'not-ready',
    });

    expect((await bench.clients.observing.readLabs(bench.server)).values.total).toBe(0);
  });

  it('refused connections mean that it cannot be reached yet', async () => {
    bench.cml.fault = 'down';

    await expect(bench.clients.observing.readSystem(bench.server)).rejects.toMatchObject({
      failure: 'unreachable',
    });
  });
});

describe('pitfall 5, ready is not stable:', () => {
  let before: Observation<'cml-system'> | undefined;
  let current: ServiceHealth;
  let runningSince: Date;
  beforeEach(() => {
    [before, current, runningSince] = [undefined, 'STARTING', bench.fleet.clock.now()];
  });

  /** The service's health after one more reading. */
  async function next(): Promise<ServiceHealth> {
    const now = bench.fleet.clock.now();
    const { values } = await bench.clients.observing.readSystem(bench.server);
    const after = observed(before, 'w-1', 'cml-system', values, now);
    current = serviceHealth({ current, runningSince, before, after, now }).status;
    before = after;
    return current;
  }

  it('a server is available from the second good reading on', async () => {
    expect([await next(), await next()]).toEqual(['STARTING', 'AVAILABLE']);
  });

  it('a reading is good only where system_health agrees', async () => {
    bench.fault({ paths: ['/system_health'], body: { set: { valid: false } }, next: 2 });
    expect([await next(), await next()]).toEqual(['STARTING', 'STARTING']);

    expect([await next(), await next()]).toEqual(['STARTING', 'AVAILABLE']);
  });

  it('a reboot in between begins the count anew', async () => {
    await next();
    bench.fault({ paths: ['/system_information'], body: { set: { ready: false } }, next: 1 });
    bench.fault({ paths: ['/system_health'], status: 502, html: true, next: 1 });
    expect([await next(), await next(), await next()]).toEqual(['STARTING', 'STARTING', 'AVAILABLE']);
  });
});
