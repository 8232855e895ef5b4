// Recorded pasts for the bench of simulations, by a seed: one worker after the other, as the stores would answer them.
import { built } from './built.mjs';

const { CmlWorker } = built('workers/domain/cml-worker');
const {
  CMLWorkerCreatedDomainEvent,
  CMLWorkerStatusUpdatedDomainEvent,
  CMLWorkerTelemetryUpdatedDomainEvent,
} = built('workers/domain/worker-events');

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SIGNALS = ['ec2', 'labs', 'cpu', 'activity', 'sessions'];

function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LAUNCH = {
  ...{ subnetId: null, securityGroupIds: [], keyName: null, rootVolume: null, market: 'on-demand' },
  ...{ placements: [], instanceProfile: null, userData: null },
};

/** When people use a worker: some hours of each workday, by milliseconds since 1970. */
function workdaysOf({ from, days, random }) {
  const workdays = [];
  for (let day = from; day < from + days * DAY; day += DAY) {
    const begin = day + (7 + 3 * random()) * 60 * MINUTE;
    const length = (6 + 3 * random()) * 60 * MINUTE;
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) workdays.push({ begin, length });
  }
  return workdays;
}

/** So many changes in the hours of a workday, two minutes apart at least; an even number, so that it ends idle. */
function changesIn({ begin, length }, count, random) {
  const free = length - 2 * count * MINUTE;
  const places = Array.from({ length: count }, () => random()).sort((one, other) => one - other);
  return places.map(
    (place, index) => Math.floor(begin / MINUTE + (place * free) / MINUTE + 2 * index) * MINUTE,
  );
}

/** A signal that changes so many times a day on average, all of it in the hours in which its worker is used. */
function intervalsOf(workerId, signal, { from, days, workdays, changesPerDay, random }) {
  const intervals = [];
  const end = from + days * DAY;
  const offset = Math.floor(random() * MINUTE);
  const count = 2 * Math.round((changesPerDay * days) / workdays.length / 2);
  const changes = workdays.flatMap((workday) => changesIn(workday, count, random)).map((at) => at + offset);
  let isIdle = true;
  let at = from - 60 * MINUTE + offset;
  for (const next of [...changes, end]) {
    const length = next - at;
    const value = isIdle ? 'idle' : random() < 0.1 ? 'unknown' : signal === 'ec2' ? 'unknown' : 'active';
    const newest =
      signal === 'activity' || signal === 'sessions' ? { newestActivityAt: new Date(at - 5 * MINUTE) } : {};
    intervals.push({
      ...{ workerId, signal, value, from: new Date(at), to: new Date(at + length - MINUTE) },
      ...{ readings: length / MINUTE, longestGapMs: 61_000 },
      trail: {
        knownAt: new Date(at + 900),
        confirmedAt: new Date(at + MINUTE + 900),
        gaps: [],
        failed: false,
        ...newest,
      },
    });
    at = next;
    isIdle = !isIdle;
  }
  return intervals;
}

/** What is recorded of worker number `n`. */
export function pastOf(n, { from, days, changesPerDay }) {
  const random = seeded(n + 1);
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const desired = {
    state: 'RUNNING',
    by: 'user:bench',
    reason: null,
    at: new Date(from),
    decisionId: null,
    sendBefore: null,
  };
  const created = {
    ...{ name: `bench-${n}`, awsRegion: 'us-east-1', awsInstanceId: `i-${n}`, instanceType: 'c5.metal' },
    ...{ amiId: null, amiName: null, status: 'PENDING', cmlVersion: '2.9.0', tags: {}, launch: LAUNCH },
    ...{ driftPolicy: null, desired, createdAt: new Date(from - DAY), createdBy: 'user:bench' },
  };
  const begin = new Date(from - 90 * MINUTE);
  const running = { oldStatus: 'PENDING', newStatus: 'RUNNING', updatedAt: begin };
  const workdays = workdaysOf({ from, days, random });
  const intervals = SIGNALS.flatMap((signal) =>
    intervalsOf(id, signal, { from, days, workdays, changesPerDay, random }),
  );
  intervals.sort((one, other) => one.from - other.from);
  let worker = CmlWorker.restore(id, [
    new CMLWorkerCreatedDomainEvent(id, created),
    new CMLWorkerStatusUpdatedDomainEvent(id, running),
  ]);
  const moments = [{ at: begin, state: worker.state }];
  let version = worker.version;
  let lastActivityAt = begin;
  // each change of a signal is an event of the worker, as telemetry tells it
  for (const { signal, value, from: changedAt } of intervals) {
    if (value === 'active') lastActivityAt = changedAt;
    const at = new Date(changedAt.getTime() + 950);
    const telemetry = {
      ...{ lastActivityAt, lastActivitySource: 'cml-activity', lastActivityKind: null, updatedAt: at },
      ...{
        activeLabsCount: signal === 'labs' ? Number(value === 'active') : (worker.state.activeLabsCount ?? 0),
      },
      ...{ cpuUtilization: 3, memoryUtilization: 20 },
    };
    const event = new CMLWorkerTelemetryUpdatedDomainEvent(id, telemetry);
    worker = CmlWorker.restore(id, [event], { state: worker.state, version });
    version = worker.version;
    moments.push({ at, state: worker.state });
  }
  return { id, moments, intervals };
}
