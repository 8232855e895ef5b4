import * as fc from 'fast-check';
import { DomainError } from '../../kernel/domain-error';
import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type CmlWorker } from '../domain/cml-worker';
import { CMLServiceStatus, CMLWorkerStatus, LicenseStatus } from '../domain/worker-status';
import { at, ENDPOINT, launchRequest } from './worker.builder';

/** One thing that is done to a worker, some time after the one before. */
export interface Step {
  readonly name: string;
  readonly given: unknown;
  readonly afterSeconds: number;
  readonly act: (worker: CmlWorker, now: Date) => boolean;
}

const seconds = fc.integer({ min: 0, max: 40 * 60 });
const length = fc.integer({ min: 1, max: 60 * 60 });
const living = Object.values(CMLWorkerStatus).filter((status) => status !== 'TERMINATED');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const percent = maybe(fc.integer({ min: 0, max: 100 }));
const ip = maybe(fc.constantFrom('203.0.113.1', '203.0.113.2'));
const fingerprint = fc.constantFrom('AA', 'BB');
const ago = (now: Date, secondsAgo: number) => plus(now, -secondsAgo * SECOND);

function step<T>(
  name: string,
  given: fc.Arbitrary<T>,
  act: (worker: CmlWorker, given: T, now: Date) => boolean,
) {
  return fc.tuple(given, seconds).map(([value, afterSeconds]): Step => {
    return { name, given: value, afterSeconds, act: (worker, now) => act(worker, value, now) };
  });
}

const wish = fc.record({
  by: fc.constantFrom('user:alice', 'system:reaper'),
  reason: maybe(fc.constant('a test')),
  force: fc.boolean(),
  sendBefore: maybe(fc.constant(at(60))),
});
const plannedAt = (time: Date) => ({ at: time, reason: 'idle', decisionId: 'd-1', cause: 'idle' as const });
const reason = maybe(
  fc.record({
    code: fc.constantFrom('Throttled', 'lost'),
    message: fc.constant('no'),
    at: fc.constant(at(0)),
  }),
);

const wishes = [
  step('start', wish, (worker, given, now) => worker.requestStart({ ...given, at: now })),
  step('stop', wish, (worker, given, now) => worker.requestStop({ ...given, at: now })),
  step('snooze', maybe(length), (worker, given, now) =>
    worker.snooze(
      given === null ? null : { until: plus(now, given * SECOND), by: 'user:bob', reason: null, at: now },
      now,
    ),
  ),
  step('protect', fc.boolean(), (worker, on, now) =>
    worker.protect(on ? { by: 'user:bob', reason: 'exam', at: now, expiresAt: null } : null, now),
  ),
  step('plan a stop', maybe(length), (worker, given, now) =>
    worker.planStop(given === null ? null : plannedAt(plus(now, given * SECOND)), now),
  ),
  step('fence', length, (worker, given, now) => {
    const fence = { decisionId: 'd-1', by: 'system:reaper', at: now, until: plus(now, given * SECOND) };
    return worker.fence(fence, { machineNow: now });
  }),
  step('lift the fence', maybe(fc.constantFrom('d-1', 'd-2')), (worker, decisionId, now) =>
    worker.liftFence(decisionId, now),
  ),
  step('use', fc.constantFrom('connection' as const, 'keep-alive' as const), (worker, kind, now) =>
    worker.noteUse(kind, { by: 'user:bob', at: now }),
  ),
  step('accept a certificate', fingerprint, (worker, given, now) =>
    worker.acceptCertificate(given, 'user:bob', now),
  ),
  step('rename', fc.constantFrom('lab-1', 'lab-2'), (worker, name, now) => {
    const { amiId, amiName } = worker.state;
    const details = { tags: {}, instanceType: 'c5.metal', idlePolicyId: null, driftPolicy: null };
    return worker.updateDetails({ ...details, name, amiId, amiName }, now);
  }),
];

const ends = [
  step('terminate', wish, (worker, given, now) => worker.requestTerminate({ ...given, at: now })),
  step('release', wish, (worker, given, now) => worker.release({ ...given, at: now })),
  step('gone', fc.constant('TERMINATED' as const), (worker, status, now) => worker.updateStatus(status, now)),
  step('terminated', fc.constant('user:bob'), (worker, by, now) => worker.terminate(by, now)),
];

const launches = [
  step('request a launch', fc.constantFrom(1, 2), (worker, attempt, now) =>
    worker.requestLaunch(launchRequest({ attempt, at: now })),
  ),
  step('fail a launch', fc.constantFrom(1, 2), (worker, attempt, now) =>
    worker.failLaunch({ attempt, tries: 0 }, 'rejected', {
      code: 'no',
      message: 'no',
      at: now,
      nextTryAt: null,
    }),
  ),
  step(
    'assign',
    fc.record({ awsInstanceId: fc.constantFrom('i-1', 'i-2'), publicIp: ip }),
    (worker, given, now) => worker.assignInstance(given, now),
  ),
  step('explain', reason, (worker, given, now) => worker.explain(given && { ...given, nextTryAt: now }, now)),
];

/** EC2 says nothing of a worker without an instance. */
const withInstance = (worker: CmlWorker, act: () => boolean) => worker.state.awsInstanceId !== null && act();

const ec2 = [
  step(
    'sweep',
    fc.record({
      status: fc.constantFrom(...living),
      publicIp: ip,
      privateIp: maybe(fc.constant('10.0.0.1')),
      begun: seconds,
    }),
    (worker, { begun, ...reading }, now) =>
      withInstance(worker, () =>
        worker.observe({ ...reading, stateReason: null, begunAt: ago(now, begun / 10) }, now),
      ),
  ),
  step('status', fc.constantFrom(...living), (worker, status, now) =>
    withInstance(worker, () => worker.updateStatus(status, now)),
  ),
  step('answer', fc.constantFrom('PENDING', 'STOPPING', 'SHUTTING_DOWN'), (worker, status, now) =>
    withInstance(worker, () => worker.callAnswered(status, now)),
  ),
];

/** A reading of CML; what it does not say is null. `activity` is so many seconds ago. */
const telemetryStep = step(
  'telemetry',
  fc.record({
    activity: maybe(fc.integer({ min: 0, max: (200 * MINUTE) / SECOND })),
    activeLabsCount: maybe(fc.integer({ min: 0, max: 3 })),
    cpuUtilization: percent,
    memoryUtilization: percent,
    signalTurned: fc.boolean(),
  }),
  (worker, { activity, ...reading }, now) =>
    worker.updateTelemetry(
      { ...reading, lastActivityAt: activity === null ? null : ago(now, activity) },
      now,
    ),
);

const cml = [
  telemetryStep,
  step('service', fc.constantFrom(...Object.values(CMLServiceStatus)), (worker, status, now) =>
    worker.updateServiceStatus(status, ENDPOINT, now),
  ),
  step('endpoint', ip, (worker, publicIp, now) => worker.updateEndpoint(null, publicIp, now)),
  step('licence', fc.constantFrom(...Object.values(LicenseStatus)), (worker, status, now) =>
    worker.updateLicense(status, null, now),
  ),
  step('version', fc.constantFrom('2.8.0', '2.9.0'), (worker, version, now) =>
    worker.updateVersion(version, now),
  ),
  step('certificate', fingerprint, (worker, given, now) => worker.observeCertificate(given, now)),
];

const steps = [...wishes, ...launches, ...ec2, ...cml];

/** A life of a worker that is managed to the last. */
export const lives = fc.array(fc.oneof(...steps), { minLength: 1, maxLength: 60 });

/** Anything, also what ends it. */
export const anything = fc.array(fc.oneof(...steps, ...ends), { minLength: 1, maxLength: 60 });

/** Does the steps one after the other, from minute 1 on; what the domain refuses is left undone. */
export function live(worker: CmlWorker, steps: readonly Step[], seen: (step: Step) => void = () => {}): void {
  let now = at(1);
  for (const next of steps) {
    now = plus(now, next.afterSeconds * SECOND);
    try {
      next.act(worker, now);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
    seen(next);
  }
}
