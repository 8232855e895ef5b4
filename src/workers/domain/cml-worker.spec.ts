import { MINUTE, plus } from '../../kernel/clocks';
import {
  at,
  aWorker,
  ENDPOINT,
  INSTANCE_ID,
  newWorker,
  wanting,
  WORKER_ID,
  type WorkerBuilder,
} from '../testing/worker.builder';
import { canConnect, CmlWorker, type ImportedWorker } from './cml-worker';
import { plainLaunch } from './launch-settings';
import { CMLWorkerImportedDomainEvent } from './worker-events';
import { evolve } from './worker-evolve';

const imported: ImportedWorker = {
  name: 'lab-9',
  awsAccountId: '111122223333',
  awsRegion: 'eu-west-1',
  awsInstanceId: INSTANCE_ID,
  instanceType: 'm5zn.metal',
  amiId: 'ami-9',
  status: 'RUNNING',
  publicIp: '203.0.113.9',
  privateIp: '10.0.0.9',
  tags: { team: 'a' },
  market: 'on-demand',
  desired: wanting('RUNNING', { at: at(5) }),
  importedAt: at(5),
  importedBy: 'user:bob',
};

describe('create', () => {
  it('is PENDING without an instance, and everything that nobody knows is null', () => {
    const worker = CmlWorker.create(WORKER_ID, newWorker({ tags: { team: 'a' } }));
    expect(worker.uncommitted.map(({ type }) => type)).toEqual(['worker.created']);
    expect(worker.version).toBe(0);
    expect(worker.state).toStrictEqual({
      id: WORKER_ID,
      name: 'lab-1',
      awsAccountId: null,
      awsRegion: 'us-east-1',
      awsInstanceId: null,
      instanceType: 'c5.metal',
      appliedInstanceType: 'c5.metal',
      amiId: null,
      amiName: 'cml-2.9*',
      launch: plainLaunch('c5.metal'),
      market: 'on-demand',
      tags: { team: 'a' },
      appliedTags: null,
      idlePolicyId: null,
      driftPolicy: null,
      desired: wanting('RUNNING'),
      convergedAt: null,
      launchAttempt: 0,
      nextPlacement: 0,
      launchRequest: null,
      statusReason: null,
      status: 'PENDING',
      statusAt: at(0),
      overdue: null,
      checks: null,
      scheduledEvents: [],
      interruption: null,
      answered: null,
      serviceStatus: 'UNAVAILABLE',
      serviceReason: null,
      certificateMayChange: true,
      runningSince: null,
      cmlVersion: null,
      licenseStatus: 'UNREGISTERED',
      licenseToken: null,
      httpsEndpoint: null,
      certificate: { pinned: null, presented: null, changedAt: null },
      cmlCredentials: null,
      publicIp: null,
      privateIp: null,
      lastActivityAt: null,
      lastActivitySource: null,
      lastActivityKind: null,
      activeLabsCount: null,
      cpuUtilization: null,
      memoryUtilization: null,
      snooze: null,
      protection: null,
      plannedStop: null,
      fence: null,
      lastUse: null,
      terminationPrepared: null,
      stopPrepared: null,
      revision: 1,
      createdAt: at(0),
      updatedAt: at(0),
      createdBy: 'user:alice',
      terminatedAt: null,
      terminatedBy: null,
      releasedAt: null,
    });
  });
});

describe('import', () => {
  it('is wanted as it stands, and counts as activity: its whole idle window is before it', () => {
    const worker = CmlWorker.import(WORKER_ID, imported);
    expect(worker.uncommitted).toStrictEqual([new CMLWorkerImportedDomainEvent(WORKER_ID, imported)]);
    expect(worker.state).toMatchObject({
      name: 'lab-9',
      awsInstanceId: INSTANCE_ID,
      appliedInstanceType: 'm5zn.metal',
      status: 'RUNNING',
      publicIp: '203.0.113.9',
      convergedAt: at(5),
      ...{ lastActivityAt: at(5), lastActivitySource: 'import', lastActivityKind: 'start' },
      runningSince: at(5),
      activeLabsCount: null,
      createdAt: at(5),
      createdBy: 'user:bob',
      revision: 1,
    });
  });

  it('of a stopped instance has no run', () => {
    const stopped = { ...imported, status: 'STOPPED', desired: wanting('STOPPED') } as const;
    expect(CmlWorker.import(WORKER_ID, stopped).state).toMatchObject({
      runningSince: null,
      lastActivityAt: at(5),
    });
  });
});

describe('restore', () => {
  const past = aWorker().serving().withLabs(2).stopped();

  it('replays all events; the version counts them', () => {
    const worker = CmlWorker.restore(past.id, past.events);
    expect(worker?.version).toBe(past.events.length);
    expect(worker?.uncommitted).toEqual([]);
    expect(worker?.state).toMatchObject({ status: 'STOPPED', convergedAt: at(30), lastActivityAt: at(20) });
  });

  it('goes on from a state at a version', () => {
    const state = past.events.slice(1, 4).reduce(evolve, aWorker().state);
    const worker = CmlWorker.restore(past.id, past.events.slice(4), { state, version: 4 });
    expect(worker?.state).toStrictEqual(past.state);
    expect(worker?.version).toBe(past.events.length);
  });

  it('is null where nothing happened', () => {
    expect(CmlWorker.restore(WORKER_ID, [])).toBeNull();
  });
});

describe('isIdle', () => {
  const idle = aWorker().serving().idleSince(at(20)).build();

  it('is so when the time without activity exceeds the threshold', () => {
    expect(idle.isIdle(60, at(80))).toBe(false);
    expect(idle.isIdle(60, plus(at(80), 1))).toBe(true);
    expect(idle.isIdle(0, plus(at(20), MINUTE))).toBe(true);
  });

  it.each([
    ['its labs are unknown', aWorker().serving()],
    ['labs run', aWorker().serving().withLabs(1)],
    ['nobody knows of any activity', aWorker().running()],
    ['it is stopped', aWorker().serving().idleSince(at(20)).stopped()],
  ])('is not so where %s: unknown is not idle', (_name, past) => {
    expect(past.build().isIdle(60, at(10_000))).toBe(false);
  });
});

describe('canConnect', () => {
  const serving = aWorker().serving();

  it('is so while RUNNING and AVAILABLE with an endpoint', () => {
    expect(serving.build().canConnect()).toBe(true);
  });

  it.each([
    ['the instance is not RUNNING', { status: 'UNKNOWN' }],
    ['CML is not AVAILABLE', { serviceStatus: 'STARTING' }],
    ['there is no endpoint', { httpsEndpoint: null }],
  ] as const)('is not so where %s', (_name, without) => {
    expect(canConnect({ ...serving.state, ...without })).toBe(false);
  });
});

describe('revision counts changes of intent and by people', () => {
  const running = aWorker().running();
  const snooze = { until: at(120), by: 'user:bob', reason: null, at: at(60) };
  const protection = { by: 'user:bob', reason: 'production', at: at(60), expiresAt: null };
  const wish = { by: 'user:bob', reason: null, at: at(60), force: true };
  const policies = { idlePolicyId: null, driftPolicy: null };
  const image = { amiId: 'ami-1', amiName: 'cml-2.9.0' };
  const details = { name: 'lab-1', tags: {}, instanceType: 'c5.metal', ...image, ...policies };
  const reading = { publicIp: null, privateIp: null, stateReason: null, begunAt: at(60) };
  const automatic = running.wanted('STOPPED', { sendBefore: at(31) });
  const stoppedThere = running.status('STOPPED', at(40));
  const plannedStop = { at: at(75), reason: 'idle', decisionId: 'd-1', cause: 'idle' as const };

  const counted = (past: WorkerBuilder, act: (worker: CmlWorker) => boolean) => {
    const worker = past.build();
    expect(act(worker)).toBe(true);
    return worker.state.revision - past.state.revision;
  };

  it.each<[string, WorkerBuilder, (worker: CmlWorker) => boolean]>([
    ['start', aWorker().stopped(), (worker) => worker.requestStart(wish)],
    ['stop', running, (worker) => worker.requestStop(wish)],
    ['terminate', running, (worker) => worker.requestTerminate(wish)],
    ['release', running, (worker) => worker.release(wish)],
    ['details', running, (worker) => worker.updateDetails({ ...details, name: 'lab-2' }, at(60))],
    ['snooze', running, (worker) => worker.snooze(snooze, at(60))],
    ['protection', running, (worker) => worker.protect(protection, at(60))],
    ['an accepted certificate', running, (worker) => worker.acceptCertificate('AA', 'user:bob', at(60))],
    ['drift', stoppedThere, (worker) => worker.observe({ status: 'STOPPED', ...reading }, at(60))],
    ['a withdrawn stop', automatic, (worker) => worker.observe({ status: 'RUNNING', ...reading }, at(60))],
  ])('%s', (_name, past, act) => {
    expect(counted(past, act)).toBe(1);
  });

  it.each<[string, WorkerBuilder, (worker: CmlWorker) => boolean]>([
    ['a status', running, (worker) => worker.updateStatus('STOPPING', at(60))],
    ['the service', running, (worker) => worker.updateServiceStatus('AVAILABLE', ENDPOINT, at(60))],
    ['telemetry', running, (worker) => worker.updateTelemetry({ activeLabsCount: 1 }, at(60))],
    ['a certificate', running, (worker) => worker.observeCertificate('AA', at(60))],
    ['a licence', running, (worker) => worker.updateLicense('EVALUATION', null, at(60))],
    ['an announcement', running, (worker) => worker.planStop(plannedStop, at(60))],
    [
      'a convergence',
      aWorker().launched(),
      (worker) => worker.observe({ status: 'RUNNING', ...reading }, at(60)),
    ],
  ])('not %s that was observed or planned', (_name, past, act) => {
    expect(counted(past, act)).toBe(0);
  });
});

describe('updatedAt', () => {
  it('is the time of the last event', () => {
    const worker = aWorker().serving().build();
    worker.updateTelemetry({ activeLabsCount: 1 }, at(61));
    expect(worker.state.updatedAt).toEqual(at(61));
  });
});
