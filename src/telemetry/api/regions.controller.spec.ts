import { CommandBus } from '@nestjs/cqrs';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { ObserveFleet } from '../application/observe-fleet.command';
import { aWorker } from '../../workers/testing/worker.builder';
import { anInstance, throttled } from '../testing/fake-ec2';
import { telemetryApp, usageOf } from '../testing/telemetry-app';
import { CONTEXT, OPTIONS } from '../testing/telemetry-bench';

const NONE = { PENDING: 0, RUNNING: 0, STOPPING: 0, STOPPED: 0, SHUTTING_DOWN: 0, UNKNOWN: 0 };

let parts: Awaited<ReturnType<typeof telemetryApp>>;
beforeEach(async () => {
  parts = await telemetryApp();
});
afterEach(() => parts.http.close());

/** As JSON has it. */
const usageIn = (region: string) => JSON.parse(JSON.stringify(usageOf(region))) as object;

const get = (path: string) => parts.http.call('GET', `/api/v1/regions${path}`, { as: 'viewer' });

describe('GET /regions', () => {
  it('shows the configured regions before anything was read', async () => {
    const unread = { state: 'unknown', lastSweepAt: null, lastError: null, accountId: null, workers: NONE };
    const unswept = { ...unread, sweep: null, healthError: null, alarm: null };
    expect((await get('')).body).toEqual({
      items: [
        { name: 'us-east-1', ...unswept, ...usageIn('us-east-1') },
        { name: 'eu-west-1', ...unswept, ...usageIn('eu-west-1') },
      ],
    });
  });

  it('shows how each was swept, and its workers by status', async () => {
    const { http, ec2, workers } = parts;
    const id = (last: number) => `00000000-0000-4000-8000-00000000000${last}`;
    workers.workers = [
      aWorker().state,
      aWorker({}, id(2)).stopped().state,
      aWorker({}, id(3)).terminated().state,
      aWorker({ awsRegion: 'eu-west-1' }, id(4)).state,
    ];
    ec2.listed.set('us-east-1', [anInstance({ status: 'STOPPED' })]);
    ec2.failing.set('eu-west-1', throttled());
    for (const region of OPTIONS.regions) {
      await http.app.get(CommandBus).execute(new ObserveFleet(region, aTurn(http.clock), CONTEXT));
    }
    const now = '2027-01-01T12:00:00.000Z';
    expect((await get('/us-east-1')).body).toEqual({
      name: 'us-east-1',
      state: 'ok',
      lastSweepAt: now,
      lastError: null,
      sweep: { id: 'sweep-1', begunAt: now, complete: true },
      healthError: null,
      alarm: null,
      accountId: '111122223333',
      workers: { ...NONE, PENDING: 1, STOPPED: 1 },
      ...usageIn('us-east-1'),
    });
    expect((await get('/eu-west-1')).body).toEqual({
      name: 'eu-west-1',
      state: 'failing',
      lastSweepAt: null,
      lastError: { code: 'RequestLimitExceeded', message: 'AWS asks to slow down.', at: now },
      sweep: { id: 'sweep-1', begunAt: now, complete: false },
      healthError: null,
      alarm: null,
      accountId: '111122223333',
      workers: { ...NONE, PENDING: 1 },
      ...usageIn('eu-west-1'),
    });
  });

  it('shows what a region lost since the listing before', async () => {
    const { http, ec2 } = parts;
    const instances = Array.from({ length: 20 }, (_, n) => anInstance({ instanceId: `i-${n}` }));
    for (const listed of [instances, instances.slice(0, 5)]) {
      ec2.listed.set('us-east-1', listed);
      await http.app.get(CommandBus).execute(new ObserveFleet('us-east-1', aTurn(http.clock), CONTEXT));
    }
    const alarm = { code: 'region-shrunk', from: 20, to: 5, at: '2027-01-01T12:00:00.000Z' };
    expect((await get('/us-east-1')).body).toMatchObject({ state: 'ok', alarm });
  });

  it('knows no region that is not configured', async () => {
    const { status, body } = await get('/mars-north-1');
    expect([status, body]).toMatchObject([404, { code: 'region-not-found' }]);
  });
});
