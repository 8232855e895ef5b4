import { CommandBus } from '@nestjs/cqrs';
import { eventually } from '../../../test/support/eventually';
import { aTurn } from '../../event-store/testing/leased-ticks';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { aWorker, INSTANCE_ID, PUBLIC_IP, WORKER_ID } from '../../workers/testing/worker.builder';
import { ObserveFleet } from '../application/observe-fleet.command';
import { activityValues, failing, labsValues, systemValues } from '../testing/fake-cml';
import { anInstance } from '../testing/fake-ec2';
import { telemetryApp } from '../testing/telemetry-app';
import { CONTEXT } from '../testing/telemetry-bench';

const WORKER = `/api/v1/workers/${WORKER_ID}`;
const UNKNOWN = '/api/v1/workers/00000000-0000-4000-8000-000000000009';
const NOTHING = {
  state: 'missing',
  observedAt: null,
  ageSeconds: null,
  sweepId: null,
  values: null,
  lastError: null,
};

let parts: Awaited<ReturnType<typeof telemetryApp>>;
beforeEach(async () => {
  parts = await telemetryApp();
  parts.workers.workers = [aWorker().running().state];
  parts.ec2.hidden.set(INSTANCE_ID, anInstance());
});
afterEach(() => parts.http.close());

const observations = async () => {
  const { status, body } = await parts.http.call('GET', `${WORKER}/observations`, { as: 'viewer' });
  expect(status).toBe(200);
  return body as { at: string; sources: Record<string, unknown>; signals: { state: string }[] };
};
const refresh = () => parts.http.call('POST', `${WORKER}/refresh`, { as: 'operator' });
const refreshed = () =>
  eventually(async () => expect((await observations()).sources['cml-activity']).not.toEqual(NOTHING));

describe('GET /workers/:id/observations', () => {
  it('shows all sources, though none was read', async () => {
    const names = ['ec2', 'cloudwatch', 'cml-system', 'cml-labs', 'cml-activity', 'cml-license'];
    expect(await observations()).toEqual({
      workerId: WORKER_ID,
      at: '2027-01-01T12:00:00.000Z',
      sources: Object.fromEntries(names.map((name) => [name, NOTHING])),
      signals: ['ec2', 'labs', 'cpu', 'activity', 'sessions'].map((signal) => ({
        ...{ signal, value: 'unknown', from: null, to: null },
        ...{ readings: 0, longestGapSeconds: 0, state: 'missing' },
      })),
    });
  });

  it('shows what was read, how old it is, and what went wrong since', async () => {
    const { http, cml } = parts;
    cml.set(PUBLIC_IP, { labs: labsValues(1) });
    await refresh();
    await refreshed();
    http.clock.advance(3 * MINUTE);
    expect((await observations()).sources['ec2']).toEqual({
      state: 'fresh',
      observedAt: '2027-01-01T12:00:00.000Z',
      ageSeconds: 180,
      sweepId: null,
      values: {
        status: 'RUNNING',
        publicIp: PUBLIC_IP,
        privateIp: '10.0.0.10',
        instanceType: 'c5.metal',
        missingSince: null,
        ...{ checks: null, scheduledEvents: null, healthObservedAt: null, interruption: null },
      },
      lastError: null,
    });
    cml.set(PUBLIC_IP, { labs: failing('refused') });
    http.clock.advance(1);
    await refresh();
    await eventually(async () =>
      expect((await observations()).sources['cml-labs']).toEqual({
        state: 'stale',
        observedAt: '2027-01-01T12:00:00.000Z',
        ageSeconds: 180,
        sweepId: null,
        values: {
          total: 1,
          running: 1,
          labs: [
            { id: 'lab-0', title: null, owner: null, state: 'STARTED', nodeCount: null, modifiedAt: null },
          ],
        },
        lastError: { code: 'refused', message: 'it is refused', at: '2027-01-01T12:03:00.001Z' },
      }),
    );
  });

  it("shows EC2's checks and plans with the time of their own reading", async () => {
    const { http, ec2 } = parts;
    const plan = {
      id: 'e-1',
      code: 'instance-retirement',
      description: null,
      notBefore: null,
      notAfter: null,
    };
    const health = { checks: { system: 'ok', instance: 'ok' }, scheduledEvents: [plan] } as const;
    ec2.checked.set(INSTANCE_ID, health);
    ec2.listed.set('us-east-1', [anInstance()]);
    await http.app.get(CommandBus).execute(new ObserveFleet('us-east-1', aTurn(http.clock), CONTEXT));
    const sweptAt = '2027-01-01T12:00:00.000Z';
    expect((await observations()).sources['ec2']).toMatchObject({
      sweepId: 'sweep-1',
      values: { ...health, healthObservedAt: sweptAt },
    });
    http.clock.advance(MINUTE);
    await refresh();
    await eventually(async () =>
      expect((await observations()).sources['ec2']).toMatchObject({
        ...{ sweepId: null, observedAt: '2027-01-01T12:01:00.000Z' },
        values: { ...health, healthObservedAt: sweptAt },
      }),
    );
  });

  it('shows the signs of use, each with its time, and what may be said of the version', async () => {
    const { http, cml } = parts;
    const begun = http.clock.now();
    const login = { newestActAt: null, newestSessionAt: begun };
    cml.set(PUBLIC_IP, {
      system: systemValues({ version: '2.8.1' }),
      activity: { ...activityValues(begun), ...login, newestCategory: 'user_activity' },
    });
    await refresh();
    await refreshed();
    http.clock.advance(20 * SECOND);
    await refresh();
    const interval = { from: '2027-01-01T12:00:00.000Z', to: '2027-01-01T12:00:20.000Z', readings: 2 };
    const signal = (name: string, value: string) => ({
      ...{ signal: name, value, ...interval, longestGapSeconds: 20, state: 'fresh' },
    });
    await eventually(async () => {
      const { sources, signals } = await observations();
      expect(signals).toEqual([
        ...[signal('ec2', 'idle'), signal('labs', 'idle'), signal('cpu', 'idle')],
        ...[signal('activity', 'idle'), signal('sessions', 'active')],
      ]);
      expect(sources['cml-system']).toMatchObject({
        values: {
          version: '2.8.1',
          versionSupport: {
            level: 'warned',
            message: 'CML 2.7 and 2.8 are expected to work, but are not tried. Use an image with CML 2.9.',
          },
        },
      });
      expect(sources['cml-activity']).toMatchObject({
        values: { newestActAt: null, newestSessionAt: '2027-01-01T12:00:00.000Z' },
      });
    });
    http.clock.advance(3 * MINUTE + 1);
    expect((await observations()).signals.map(({ state }) => state)).toEqual(Array(5).fill('stale'));
  });

  it('knows no worker that is not there', async () => {
    const { status, body } = await parts.http.call('GET', `${UNKNOWN}/observations`, { as: 'viewer' });
    expect([status, body]).toMatchObject([404, { code: 'worker-not-found' }]);
  });
});

describe('POST /workers/:id/refresh', () => {
  it('observes behind the answer, which says where to look', async () => {
    const { status, headers, body } = await refresh();
    expect([status, headers.get('location')]).toEqual([202, WORKER]);
    expect(body).toEqual({ workerId: WORKER_ID, observations: `${WORKER}/observations` });
    await refreshed();
  });

  it('does so once in ten seconds for each worker', async () => {
    const { http } = parts;
    expect((await refresh()).status).toBe(202);
    http.clock.advance(9 * SECOND - 1);
    const { status, headers, body } = await refresh();
    expect([status, headers.get('retry-after'), body]).toMatchObject([
      429,
      '2',
      { code: 'too-many-refreshes', detail: 'The worker was refreshed a moment ago. Try again in 2 s.' },
    ]);
    http.clock.advance(SECOND + 1);
    expect((await refresh()).status).toBe(202);
    await refreshed();
  });

  it('logs what goes wrong behind the answer', async () => {
    const { http, workers } = parts;
    workers.failFrom(2, new Error('the store is away'));
    expect((await refresh()).status).toBe(202);
    await eventually(() =>
      expect(http.log).toContainEqual(
        expect.objectContaining({ workerId: WORKER_ID, msg: 'a refresh failed' }),
      ),
    );
  });

  it('needs an operator, and a worker that is there', async () => {
    expect((await parts.http.call('POST', `${WORKER}/refresh`, { as: 'viewer' })).status).toBe(403);
    const { status, body } = await parts.http.call('POST', `${UNKNOWN}/refresh`, { as: 'operator' });
    expect([status, body]).toMatchObject([404, { code: 'worker-not-found' }]);
  });
});
