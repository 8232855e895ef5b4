import { MINUTE, SECOND } from '../../../src/kernel/clocks';
import { type IdleDecision } from '../../../src/reaper/domain/decision/decision';
import { type PolicySource } from '../../../src/reaper/domain/ports';
import { type StopBudget } from '../../../src/reaper/domain/policy/stop-budget';
import { subjectOf } from '../../../src/reaper/application/worker-facts';
import { type WorkerState } from '../../../src/workers';
import { type Delivery } from '../truth/channel';
import { type Server } from '../truth/server';
import { type ProbeTrace } from '../truth/simulated-signs';
import { type Story } from '../world/story';
import { type Decisions } from './decisions';
import { type Harm } from './harms';
import { PROBE_HOLDS_MS } from './vain-probes';

/** A call that stopped an instance. Fleet milliseconds. */
interface SentStop extends Scoped {
  readonly sentAt: number;
}

/** By what a stop counts in budgets. */
interface Scoped {
  readonly workerId: string;
  readonly region: string;
  readonly policyId: string;
}

export interface Evidence {
  readonly decisions: Decisions;
  readonly policies: PolicySource;
  readonly deliveries: readonly Delivery[];
  /** no channel is set up: the log is where people read */
  readonly toldByLog: boolean;
  probeOf(id: string): ProbeTrace | null;
  recordOf(id: string): WorkerState | null;
  /** when people last used it over the API, fleet milliseconds; null: never */
  usedApiAt(id: string): number | null;
  /** since when all automatic stops are paused; null: they are not */
  pausedSince(): number | null;
}

/** How many stops there were of each kind. */
export interface Tally {
  stops: number;
  /** by maximum uptime */
  byMaxUptime: number;
  bySchedule: number;
  /** in use, which no signal showed to anybody: see `shownUseOf` */
  invisible: number;
  /** use that began after the probe had looked, and before the stop */
  raced: number;
  longestRaceMs: number;
}

/** An act is seen as one of this moment for so long, less what may pass until the call. */
const RECENT_MS = 4 * MINUTE;
/** Between the call and its effect, at most. */
const NETWORK_MS = SECOND;

/**
 * Holds each stop against what was really so. What somebody began after the live probe had looked is counted apart: it is no
 * harm as long as it lies within the time for which a probe holds.
 */
export class Oracle {
  readonly tally: Tally = {
    ...{ stops: 0, byMaxUptime: 0, bySchedule: 0, invisible: 0, raced: 0, longestRaceMs: 0 },
  };
  private readonly sent: SentStop[] = [];
  /** by worker, by deadline and stage */
  private readonly ids = new Map<string, Map<string, string>>();
  private readonly endedIds = new Set<string>();

  constructor(
    private readonly evidence: Evidence,
    private readonly story: Story,
  ) {}

  /** A notice reached somebody: the same one by the same id, as long as its announcement stands. */
  delivered({ workerId, deadline, stageMinutes, id, at }: Delivery): void {
    if (this.endedIds.has(id)) return;
    const known = this.ids.get(workerId) ?? new Map<string, string>();
    this.ids.set(workerId, known);
    const key = `${deadline} ${stageMinutes}`;
    const first = known.get(key) ?? id;
    if (first !== id) this.story.harm(at, 'one notice had two ids', `${workerId} ${key}: ${first} and ${id}`);
    known.set(key, first);
  }

  /** The worker's announcements are called off, or moved: who is told anew is told by other ids. */
  ended(workerId: string): void {
    for (const id of this.ids.get(workerId)?.values() ?? []) this.endedIds.add(id);
    this.ids.delete(workerId);
  }

  /** The instance goes down now, by a call that was sent then. */
  stopping(server: Server, sentAt: number, now: number): void {
    const record = this.evidence.recordOf(server.id);
    if (!record?.desired.by.startsWith('system:') || record.desired.state !== 'STOPPED') return;
    const decision = this.evidence.decisions.stops.get(record.desired.decisionId ?? '');
    const harm = (kind: Harm, what: string) => this.story.harm(now, kind, `${server.id}: ${what}`);
    if (!decision) return harm('something failed that must not fail', 'it was stopped without a decision');
    this.tally.stops += 1;
    const probe = this.evidence.probeOf(server.id);
    // the maximum uptime acts on servers that do not answer, but they are asked
    const failed = decision.cause === 'max-uptime' && probe?.ok === false;
    if (!probe || (sentAt - probe.begunAt >= PROBE_HOLDS_MS && !failed)) {
      const age = probe ? `${sentAt - probe.begunAt} ms old` : 'never made';
      harm('a worker was stopped without a fresh probe', `its probe was ${age}`);
    }
    const seenAt = probe?.readAt ?? -Infinity;
    if (decision.cause === 'max-uptime') this.lookAtMaxUptime(decision, harm);
    else this.lookAtUse(server, decision, seenAt, now, harm);
    this.lookAtApi(server.id, decision, now, harm);
    this.lookAtKept(record, seenAt, harm);
    this.lookAtNotice(decision, sentAt, harm);
    this.lookAtHolds(record, decision, seenAt, now, harm);
    this.lookAtBudgets(record, sentAt, harm);
  }

  private lookAtUse(
    server: Server,
    { cause, policy }: IdleDecision,
    seenAt: number,
    now: number,
    harm: (kind: Harm, what: string) => void,
  ): void {
    if (cause === 'schedule') this.tally.bySchedule += 1;
    const { uses, runningLabs } = server;
    if (uses.some(({ at }) => at > seenAt)) {
      this.tally.raced += 1;
      this.tally.longestRaceMs = Math.max(this.tally.longestRaceMs, now - seenAt);
      if (now - seenAt > PROBE_HOLDS_MS + NETWORK_MS) {
        harm('a worker was stopped on which somebody had been active', `${now - seenAt} ms after the probe`);
      }
    } else if (runningLabs > 0) harm('a worker with running labs was stopped', `${runningLabs} ran`);
    // a scheduled stop asks for no window, but nobody may be there at the moment
    const windowMs = cause === 'schedule' ? RECENT_MS : policy.idleThresholdMinutes * MINUTE;
    const before = latestOf(uses, seenAt);
    const shown = shownUseOf(server, policy, seenAt);
    if (now - shown < windowMs) {
      harm('a worker was stopped on which somebody had been active', `${now - shown} ms before`);
    } else if (now - before < windowMs) {
      this.tally.invisible += 1;
    }
  }

  /** What is granted over the API is known at once: no stop, for whatever cause, may overlook it. */
  private lookAtApi(
    id: string,
    { cause, policy }: IdleDecision,
    now: number,
    harm: (kind: Harm, what: string) => void,
  ): void {
    const usedAt = this.evidence.usedApiAt(id);
    const { activityBumpMinutes: bump, idleThresholdMinutes: threshold } = policy;
    const keptMs = (cause === 'idle' ? Math.max(bump, threshold) : bump) * MINUTE;
    if (usedAt === null || now - usedAt >= keptMs) return;
    harm('a worker was stopped on which somebody had been active', `over the API, ${now - usedAt} ms before`);
  }

  private lookAtMaxUptime({ inputs }: IdleDecision, harm: (kind: Harm, what: string) => void): void {
    this.tally.byMaxUptime += 1;
    const labs = inputs.signals.find(({ signal }) => signal === 'labs');
    if (labs?.value === 'active') {
      harm('the maximum uptime stopped a worker whose labs ran', 'its last reading had running labs');
    }
  }

  private lookAtKept(
    { snooze, protection }: WorkerState,
    seenAt: number,
    harm: (kind: Harm, what: string) => void,
  ): void {
    if (snooze && snooze.at.getTime() <= seenAt && snooze.until.getTime() > seenAt + PROBE_HOLDS_MS) {
      harm('a worker that was kept was stopped', `snoozed until ${snooze.until.toISOString()}`);
    }
    const until = protection?.expiresAt?.getTime() ?? Infinity;
    if (protection && protection.at.getTime() <= seenAt && until > seenAt + PROBE_HOLDS_MS) {
      harm('a worker that was kept was stopped', 'protected');
    }
  }

  private lookAtNotice(
    { workerId, policy, plannedStop }: IdleDecision,
    sentAt: number,
    harm: (kind: Harm, what: string) => void,
  ): void {
    if (!policy.noticeRequired) return;
    const deadline = plannedStop?.at.getTime() ?? null;
    const ahead = (Math.min(...policy.warningStagesMinutes) * MINUTE) / 2;
    const told =
      this.evidence.toldByLog ||
      this.evidence.deliveries.some(
        (one) => one.workerId === workerId && one.deadline === deadline && one.at <= one.deadline - ahead,
      );
    if (!told || deadline === null || sentAt < deadline) {
      harm('a worker was stopped without a delivered notice', `planned for ${deadline}, sent at ${sentAt}`);
    }
  }

  private lookAtHolds(
    record: WorkerState,
    decision: IdleDecision,
    seenAt: number,
    now: number,
    harm: (kind: Harm, what: string) => void,
  ): void {
    const pausedSince = this.evidence.pausedSince();
    if (pausedSince !== null && pausedSince < seenAt) {
      harm('a worker was stopped although all stops were held', `paused ${now - pausedSince} ms before`);
    }
    const { calendar } = this.evidence.policies.of(subjectOf(record));
    const held = calendar.holdAt(new Date(now));
    if (held && calendar.holdAt(decision.at)) {
      harm('a worker was stopped at a time that its calendar forbids', held.name);
    }
  }

  private lookAtBudgets(record: WorkerState, sentAt: number, harm: (kind: Harm, what: string) => void): void {
    const { policies, decisions } = this.evidence;
    const scopeOf = (worker: WorkerState) => {
      const { policy, origins } = policies.of(subjectOf(worker));
      const policyId = policy.budget ? origins.budget : '';
      return { workerId: worker.id, region: worker.awsRegion, policyId };
    };
    const stop = { sentAt, ...scopeOf(record) };
    this.sent.push(stop);
    const running = decisions.running.map(scopeOf);
    const { fleetBudget, regionBudget } = policies.fleet();
    const { budget: policyBudget } = policies.of(subjectOf(record)).policy;
    const within = (budget: StopBudget | null, scope: string, isOf: (one: Scoped) => boolean) => {
      if (!budget) return;
      // a stop is taken from its budget when it is asked for, a moment before it is sent
      const since = sentAt - budget.windowMinutes * MINUTE + PROBE_HOLDS_MS;
      const stops = this.sent.filter((one) => one.sentAt > since && isOf(one));
      // a share is one of those that run, and of those that did until they were stopped
      const ran = new Set([...stops, ...running.filter(isOf)].map(({ workerId }) => workerId)).size;
      const share = budget.sharePercent === null ? Infinity : Math.ceil((budget.sharePercent * ran) / 100);
      const allowed = Math.min(budget.stops ?? Infinity, Math.max(1, share));
      if (stops.length > allowed) {
        harm('more was stopped than a budget allows', `${scope}: ${stops.length} of ${allowed}`);
      }
    };
    within(fleetBudget, 'fleet', () => true);
    within(regionBudget, stop.region, ({ region }) => region === stop.region);
    within(policyBudget, stop.policyId, ({ policyId }) => policyId === stop.policyId);
  }
}

function latestOf(uses: Server['uses'], until: number): number {
  return Math.max(-Infinity, ...uses.map(({ at }) => at).filter((at) => at <= until));
}

/**
 * The latest use up to then that anybody outside could know of. What people do shows by the server's events, labs by
 * themselves, a job by its load where the policy asks for that. Who only looks around on a server that has never shown an
 * event, since its telemetry is off or its list has been empty all along, is shown by nothing: asking such servers for
 * activity would keep the unused ones for ever. As soon as it has shown any event every act counts, whatever became of the
 * list since.
 */
function shownUseOf(
  { uses, hasShownEvents, shownBusyAt }: Server,
  { requiredSignals }: IdleDecision['policy'],
  until: number,
): number {
  const shown = latestOf(hasShownEvents ? uses : uses.filter(({ ofLabs }) => ofLabs), until);
  const showsLoad = requiredSignals.includes('cpu') && shownBusyAt <= until;
  return showsLoad ? Math.max(shown, shownBusyAt) : shown;
}
