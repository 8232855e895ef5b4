import { HOUR, plus } from '../../kernel/clocks';
import { type IdleDecisionInput } from '../domain/signals/idle-input';
import { idlePolicy } from '../domain/policy/idle-policy';
import { OBSERVED_SIGNALS, type ObservedSignal } from '../domain/signals/idle-signals';
import { aCalendar } from './given-calendar';
import { ANNOUNCED, anIdleInput, aSignal, delivered, minutesAgo, NOW, WARNED } from './idle-input.builder';

const inMinutes = (minutes: number): Date => minutesAgo(-minutes);
const policyOf = (given: Parameters<typeof idlePolicy>[0]) =>
  idlePolicy({ warningStagesMinutes: [15, 5], ...given }, 60);
/** Every signal idle since then. */
const idleFor = (minutes: number) => allSignals({ from: minutesAgo(minutes) });
const oldBy = (minutes: number) => allSignals({ observedAt: minutesAgo(minutes), to: minutesAgo(minutes) });
const allSignals = (stated: Parameters<typeof aSignal>[1]) =>
  Object.fromEntries(OBSERVED_SIGNALS.map((name) => [name, aSignal(name, stated)]));
const plan = (at: Date, cause: 'idle' | 'schedule' | 'max-uptime' = 'idle') => ({
  plannedStop: { at, reason: 'announced', cause },
  notices: [delivered(at)],
});
const active = (name: ObservedSignal, minutes = 5) => ({
  [name]: aSignal(name, { value: 'active', from: minutesAgo(minutes) }),
});
const EVENING = { name: 'evening', at: minutesAgo(60), until: plus(NOW, 12 * HOUR) };
const EXAM = { kind: 'never', name: 'exam', from: minutesAgo(30), until: inMinutes(90) } as const;
const NIGHT = { name: 'night', from: minutesAgo(10), until: inMinutes(480) };
const FULL = { scope: 'fleet', allowed: 2, used: 2, windowMinutes: 60, freesAt: inMinutes(20) };
const PAUSED = { by: 'user:ann', reason: 'migration', at: minutesAgo(30), until: inMinutes(60) };
const free = { ...FULL, scope: 'region us-east-1', used: 1 };
const DAY = policyOf({ maxUptimeMinutes: 600 });

/** What may befall a worker, by the file that shows the whole decision about it. */
export const SITUATIONS: Readonly<Record<string, IdleDecisionInput>> = {
  'idle-due': anIdleInput({ worker: WARNED }),
  'idle-waiting': anIdleInput({ signals: idleFor(40) }),
  'idle-announced-now': anIdleInput({ signals: idleFor(45) }),
  'idle-announced-late': anIdleInput(),
  'idle-second-stage': anIdleInput({
    signals: idleFor(56),
    worker: plan(inMinutes(4)),
  }),
  'idle-not-told': anIdleInput({ worker: { plannedStop: ANNOUNCED } }),
  'idle-told-too-late': anIdleInput({
    worker: { ...WARNED, notices: [{ ...delivered(), deliveredAt: minutesAgo(2) }] },
  }),
  'idle-notice-failed': anIdleInput({
    worker: { ...WARNED, notices: [{ ...delivered(), state: 'failed', deliveredAt: null }] },
  }),
  'idle-notice-waived': anIdleInput({
    worker: { plannedStop: ANNOUNCED },
    policy: policyOf({ noticeRequired: false }),
  }),
  'idle-without-stages': anIdleInput({
    policy: policyOf({ noticeRequired: false, warningStagesMinutes: [] }),
  }),
  'idle-interrupted-after-announcement': anIdleInput({ signals: idleFor(20), worker: WARNED }),
  'idle-announced-hours-ago': anIdleInput({
    signals: idleFor(480),
    worker: { ...plan(minutesAgo(360)), lastActivityAt: minutesAgo(490) },
  }),
  'idle-read-once': anIdleInput({ signals: { labs: aSignal('labs', { readings: 1 }) }, worker: WARNED }),
  'idle-on-trial': anIdleInput({ policy: policyOf({ dryRun: true }) }),

  'in-use-labs': anIdleInput({ signals: active('labs'), worker: WARNED }),
  'in-use-session-not-required': anIdleInput({ signals: active('sessions'), worker: WARNED }),
  'in-use-connection': anIdleInput({
    worker: { ...WARNED, lastUse: { kind: 'connection', by: 'user:bob', at: minutesAgo(2) } },
  }),
  'kept-by-earlier-use': anIdleInput({
    worker: { lastUse: { kind: 'keep-alive', by: 'user:bob', at: minutesAgo(70) } },
    policy: policyOf({ activityBumpMinutes: 240 }),
  }),
  'in-use-labs-forgotten': anIdleInput({
    signals: { ...idleFor(900), ...active('labs', 900) },
    worker: { runningSince: minutesAgo(1_000) },
    observations: { newestActivityAt: minutesAgo(780) },
  }),

  'unknown-stale-idle-flag': anIdleInput({
    signals: { labs: aSignal('labs', { to: minutesAgo(4), observedAt: minutesAgo(4) }) },
    worker: WARNED,
  }),
  'unknown-source-answers-signal-stands-still': anIdleInput({
    signals: { labs: aSignal('labs', { to: minutesAgo(20) }) },
    worker: WARNED,
  }),
  'unknown-reachable-but-empty': anIdleInput({
    signals: allSignals({ value: 'unknown', from: minutesAgo(500) }),
    observations: { everSeenActivity: false, newestActivityAt: null },
    worker: WARNED,
  }),
  'unknown-never-read': anIdleInput({
    signals: Object.fromEntries(OBSERVED_SIGNALS.map((name) => [name, undefined])),
    observations: { everSeenActivity: false, newestActivityAt: null, lastLabs: null },
  }),
  'unknown-last-activity': anIdleInput({ worker: { ...WARNED, lastActivityAt: null } }),
  'unknown-status': anIdleInput({ worker: { ...WARNED, status: 'UNKNOWN' } }),
  'unknown-reading-from-the-future': anIdleInput({
    signals: { cpu: aSignal('cpu', { to: inMinutes(10), observedAt: inMinutes(10) }) },
    worker: WARNED,
  }),

  'schedule-due': anIdleInput({
    signals: idleFor(20),
    worker: { ...plan(NOW, 'schedule'), lastActivityAt: minutesAgo(21) },
    calendar: aCalendar({ stops: [EVENING] }),
  }),
  'schedule-in-use': anIdleInput({ signals: active('cpu'), calendar: aCalendar({ stops: [EVENING] }) }),
  'schedule-announced-ahead': anIdleInput({
    signals: idleFor(20),
    calendar: aCalendar({ stops: [{ ...EVENING, at: inMinutes(10) }] }),
  }),

  'max-uptime-far': anIdleInput({ signals: oldBy(30), policy: policyOf({ maxUptimeMinutes: 700 }) }),
  'max-uptime-announced': anIdleInput({ signals: oldBy(30), policy: DAY }),
  'max-uptime-due': anIdleInput({ signals: oldBy(30), policy: DAY, worker: plan(NOW, 'max-uptime') }),
  'max-uptime-labs-ran': anIdleInput({
    signals: oldBy(30),
    observations: { lastLabs: { running: 2, at: minutesAgo(30) } },
    policy: DAY,
    worker: plan(NOW, 'max-uptime'),
  }),
  'max-uptime-in-use': anIdleInput({
    signals: { ...oldBy(30), ...active('sessions') },
    policy: DAY,
    worker: plan(NOW, 'max-uptime'),
  }),

  'held-by-calendar': anIdleInput({
    worker: { ...plan(minutesAgo(31)), lastActivityAt: minutesAgo(210) },
    signals: idleFor(200),
    calendar: aCalendar({ holds: [EXAM] }),
  }),
  'waits-for-the-calendar': anIdleInput({ calendar: aCalendar({ holds: [EXAM] }) }),
  'never-allowed': anIdleInput({ calendar: aCalendar({ holds: [{ ...EXAM, until: null }] }) }),
  'quiet-not-announced': anIdleInput({ calendar: aCalendar({ quiet: [NIGHT] }) }),
  'quiet-announced-before': anIdleInput({ worker: WARNED, calendar: aCalendar({ quiet: [NIGHT] }) }),
  'held-by-budget': anIdleInput({
    worker: WARNED,
    budget: { limits: [free, FULL], paused: null, breaker: null },
  }),
  'held-by-pause': anIdleInput({ worker: WARNED, budget: { limits: [], paused: PAUSED, breaker: null } }),
  'held-by-breaker': anIdleInput({
    budget: {
      limits: [free],
      paused: null,
      breaker: { openedAt: minutesAgo(10), stops: 21, running: 40 },
    },
  }),

  protected: anIdleInput({
    worker: { ...WARNED, protection: { by: 'user:ann', reason: 'exam', expiresAt: inMinutes(180) } },
  }),
  snoozed: anIdleInput({ worker: { ...WARNED, snooze: { by: 'user:bob', until: inMinutes(30) } } }),
  stopping: anIdleInput({ worker: { ...WARNED, status: 'STOPPING', desiredState: 'STOPPED' } }),
};
