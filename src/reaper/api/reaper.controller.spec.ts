import { Global, Module } from '@nestjs/common';
import { CqrsModule, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { ScheduleModule } from '@nestjs/schedule';
import { Leases } from '../../event-store';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { ManualClock, MINUTE } from '../../kernel/clocks';
import { derivedId } from '../../kernel/ids';
import { TopologyKeeper } from '../../labs';
import { MetricsRegistry } from '../../metrics';
import { StopNotices } from '../../notifications';
import { MemoryStopNotices } from '../../notifications/testing/memory-stop-notices';
import { GetObservations } from '../../telemetry';
import { GetActiveWorkers, GetWorker, WorkerNotFound } from '../../workers';
import { FixedPolicy } from '../application/fixed-policy';
import { idlePolicy } from '../domain/policy/idle-policy';
import { PolicySource } from '../domain/ports';
import { ReaperModule } from '../reaper.module';
import { NOW } from '../testing/idle-input.builder';
import { NotedTopologies } from '../testing/reaper-bench';
import { aWorkerState } from '../testing/worker-state.builder';
import { IDLE_DECISION_EXAMPLE } from './idle-decision.example';
import { idleDecisionView } from './idle-decision.view';
import { CONTROL_EXAMPLE, reaperControlView } from './reaper-control.view';
import { reaperRunView, RUN_EXAMPLE } from './reaper-run.view';

const WORKER = aWorkerState({ id: derivedId('lab-1') });

@QueryHandler(GetActiveWorkers)
class OneWorker implements IQueryHandler<GetActiveWorkers> {
  execute = () => Promise.resolve([WORKER]);
}

@QueryHandler(GetWorker)
class ThatWorker implements IQueryHandler<GetWorker> {
  execute({ workerId }: GetWorker) {
    return workerId === WORKER.id ? Promise.resolve(WORKER) : Promise.reject(new WorkerNotFound(workerId));
  }
}

@QueryHandler(GetObservations)
class NothingObserved implements IQueryHandler<GetObservations> {
  execute = () => Promise.resolve(new Map());
}

const clock = new ManualClock(NOW);
const others = [
  { provide: MetricsRegistry, useFactory: () => new MetricsRegistry() },
  { provide: StopNotices, useFactory: () => new MemoryStopNotices(clock) },
  { provide: TopologyKeeper, useClass: NotedTopologies },
  {
    provide: PolicySource,
    useFactory: () => new FixedPolicy(idlePolicy({ warningStagesMinutes: [15] }, 60)),
  },
];

/** What other modules provide. */
@Global()
@Module({ providers: others, exports: others.map(({ provide }) => provide) })
class OthersModule {}

describe("the reaper's API", () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await startHttpApp({
      clock,
      imports: [
        ScheduleModule.forRoot(),
        CqrsModule.forRoot(),
        OthersModule,
        ReaperModule.forRoot({
          cron: '* * * * *',
          observeSeconds: 60,
          autostart: false,
          persistence: 'memory',
        }),
      ],
      providers: [OneWorker, ThatWorker, NothingObserved],
    });
  });
  afterAll(() => http.close());

  it('explains what the reaper thinks of a worker', async () => {
    const path = `/api/v1/workers/${WORKER.id}/idle-decision`;
    const { status, body } = await http.call('GET', path, { as: 'viewer' });
    expect(status).toBe(200);
    expect(body).toEqual({
      decisionId: expect.any(String) as unknown,
      cause: null,
      dryRun: false,
      unclear: true,
      restraints: [],
      noticeDue: null,
      longRunning: null,
      policyLayers: [{ id: 'settings', name: 'settings', version: 0 }],
      policyOrigins: expect.objectContaining({ confirmed: 'settings' }) as unknown,
      workerId: WORKER.id,
      at: '2027-01-15T12:00:00.000Z',
      verdict: 'unknown',
      reason:
        'EC2: never read. Labs: never read. CPU: never read. Activity: never read. Sessions: never read.',
      rules: expect.arrayContaining([
        { rule: 'labs-idle', outcome: 'unknown', detail: 'Labs: never read.' },
      ]) as unknown,
      inputs: {
        signals: [
          {
            signal: 'api',
            value: 'idle',
            from: null,
            readings: 1,
            source: 'cml-fleet',
            observedAt: '2027-01-15T12:00:00.000Z',
            ageSeconds: 0,
            maximalAgeSeconds: null,
          },
        ],
        lastUse: null,
        lastLabs: null,
        lastActivityAt: '2027-01-15T10:40:00.000Z',
        lastActivityAgeSeconds: 4_800,
        runningSince: '2027-01-15T02:00:00.000Z',
        everSeenActivity: false,
      },
      wouldHaveToChange: [
        'EC2: would have to be read, with a clear answer.',
        'Labs: would have to be read, with a clear answer.',
        'CPU: would have to be read, with a clear answer.',
        'Activity: would have to be read, with a clear answer.',
        'Sessions: would have to be read, with a clear answer.',
        'The stop would have to be announced, 15 min ahead at least.',
      ],
      idleSince: null,
      deadline: null,
      nextDecisionAt: null,
      plannedStop: null,
      policy: {
        idleThresholdMinutes: 60,
        cpuIdleBelowPercent: 10,
        warningStagesMinutes: [15],
        noticeRequired: true,
        confirmed: true,
        maxUptimeMinutes: null,
        activityBumpMinutes: 60,
        budget: null,
        dryRun: false,
        snoozeCapMinutes: 10_080,
        maxReadingAgeSeconds: 180,
        maxActivityAgeSeconds: 180,
        requiredSignals: ['ec2', 'labs', 'cpu'],
      },
    });
  });

  it('knows no decision about a worker that is not there', async () => {
    const path = `/api/v1/workers/${derivedId('nobody')}/idle-decision`;
    expect(await http.call('GET', path, { as: 'viewer' })).toMatchObject({
      status: 404,
      body: { code: 'worker-not-found' },
    });
  });

  it('runs now, and shows the run in its list and by its id', async () => {
    const ran = await http.call('POST', '/api/v1/reaper/run', { as: 'admin', body: {} });
    expect(ran).toMatchObject({
      status: 200,
      body: {
        dryRun: false,
        actor: 'api-key:key-of-admin',
        counts: { unknown: 1 },
        decisions: [{ workerId: WORKER.id, verdict: 'unknown', action: 'none' }],
        errors: [],
      },
    });
    const { id } = ran.body as { id: string };
    const dry = await http.call('POST', '/api/v1/reaper/run', { as: 'admin', body: { dryRun: true } });
    expect(dry.body).toMatchObject({ dryRun: true });

    const found = await http.call('GET', `/api/v1/reaper/runs/${id}`, { as: 'viewer' });
    expect(found).toMatchObject({ status: 200, body: ran.body as object });

    const first = await http.call('GET', '/api/v1/reaper/runs?limit=1', { as: 'viewer' });
    const { items, nextCursor } = first.body as { items: unknown[]; nextCursor: string };
    const second = await http.call('GET', `/api/v1/reaper/runs?limit=1&cursor=${nextCursor}`, {
      as: 'viewer',
    });
    const rest = second.body as { items: unknown[]; nextCursor: string | null };
    expect([...items, ...rest.items]).toEqual(expect.arrayContaining([ran.body, dry.body]));
    expect(rest.nextCursor).toBeNull();
  });

  it('runs once at a time, wherever; but judges at any time', async () => {
    const leases = http.app.get(Leases);
    const lease = await leases.claim('reap', 'another replica', MINUTE, { early: true });
    expect(await http.call('POST', '/api/v1/reaper/run', { as: 'admin', body: {} })).toMatchObject({
      status: 409,
      body: { code: 'reaper-running', detail: expect.stringContaining('"dryRun": true') as string },
    });
    const dry = await http.call('POST', '/api/v1/reaper/run', { as: 'admin', body: { dryRun: true } });
    expect(dry.status).toBe(200);
    expect(lease && (await leases.release(lease))).toBe(true);
    const ran = await http.call('POST', '/api/v1/reaper/run', { as: 'admin', body: {} });
    expect(ran.status).toBe(200);
  });

  it('is paused and resumed by admins, and shows viewers what holds it off', async () => {
    const call = (method: string, path: string, as: 'viewer' | 'operator' | 'admin', body?: object) =>
      http.call(method, `/api/v1/reaper/${path}`, { as, ...(body && { body }) });
    const free = { pause: null, breaker: null, catchUp: null, budgets: [] };
    expect(await call('GET', 'control', 'viewer')).toMatchObject({ status: 200, body: free });
    const reason = 'exam week';
    expect(await call('POST', 'pause', 'operator', { reason })).toMatchObject({ status: 403 });
    const until = '2027-01-15T18:00:00Z';
    const pause = {
      ...{ by: 'api-key:key-of-admin', reason, at: '2027-01-15T12:00:00.000Z' },
      until: '2027-01-15T18:00:00.000Z',
    };
    const paused = await call('POST', 'pause', 'admin', { reason, until });
    expect(paused).toMatchObject({ status: 200, body: { ...free, pause } });
    expect(await call('GET', 'control', 'viewer')).toMatchObject({ body: { pause } });
    for (const body of [
      {},
      { reason: ' ' },
      { reason, until: '2027-01-15T11:00:00Z' },
      { reason, til: null },
    ]) {
      expect(await call('POST', 'pause', 'admin', body)).toMatchObject({
        status: 422,
        body: { code: 'invalid-input' },
      });
    }
    expect(await call('POST', 'resume', 'operator', { reason })).toMatchObject({ status: 403 });
    const resumed = await call('POST', 'resume', 'admin', { reason: 'it is over' });
    expect(resumed).toMatchObject({ status: 200, body: free });
  });

  it('lets only admins run it', async () => {
    expect(await http.call('POST', '/api/v1/reaper/run', { as: 'operator', body: {} })).toMatchObject({
      status: 403,
    });
  });

  it('says so when a run is not kept, when a cursor is not its own, and when a value is not known', async () => {
    const gone = await http.call('GET', `/api/v1/reaper/runs/${derivedId('gone')}`, { as: 'viewer' });
    expect(gone).toMatchObject({ status: 404, body: { code: 'run-not-found' } });
    const cursor = await http.call('GET', '/api/v1/reaper/runs?cursor=WzFd', { as: 'viewer' });
    expect(cursor).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
    const given = { as: 'admin', body: { dryrun: true } } as const;
    expect(await http.call('POST', '/api/v1/reaper/run', given)).toMatchObject({ status: 422 });
  });
});

describe('the examples in the documentation', () => {
  const timesOf = (value: unknown): unknown => {
    if (typeof value === 'string' && /^\d{4}-.*Z$/.test(value)) return new Date(value);
    if (Array.isArray(value)) return value.map(timesOf);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, timesOf(member)]));
  };

  it('are what the routes would answer', () => {
    expect(idleDecisionView.parse(timesOf(IDLE_DECISION_EXAMPLE))).toEqual(IDLE_DECISION_EXAMPLE);
    expect(reaperRunView.parse(timesOf(RUN_EXAMPLE))).toEqual(RUN_EXAMPLE);
    expect(reaperControlView.parse(timesOf(CONTROL_EXAMPLE))).toEqual(CONTROL_EXAMPLE);
  });
});
