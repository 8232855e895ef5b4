import { type CommandContext } from '../../../src/kernel/command-context';
import { type NoticeFact, type StopNotice, StopNotices } from '../../../src/notifications';
import { type ReaperControlState } from '../../../src/reaper/domain/control/control-state';
import { ReaperControls } from '../../../src/reaper/domain/control/ports';
import { type ReaperControl, type TakeOutcome } from '../../../src/reaper/domain/control/reaper-control';
import { OPEN_CALENDAR } from '../../../src/reaper/domain/policy/calendar';
import {
  type EffectivePolicy,
  type FleetRules,
  type PolicySubject,
} from '../../../src/reaper/domain/policy/effective-policy';
import { type ObservedUse } from '../../../src/reaper/domain/signals/idle-input';
import { type SignalState } from '../../../src/reaper/domain/signals/idle-signals';
import { type LiveProbe } from '../../../src/reaper/domain/live-probe';
import { PolicySource, SignsOfUse } from '../../../src/reaper/domain/ports';
import { type StopBudget } from '../../../src/reaper/domain/policy/stop-budget';

/** Signs of use that are changed on their way. */
export class OtherSigns extends SignsOfUse {
  constructor(
    private readonly signs: SignsOfUse,
    private readonly use: (use: ObservedUse, now: Date) => ObservedUse,
    private readonly probed: (asked: () => Promise<LiveProbe>) => Promise<LiveProbe>,
    private readonly now: () => Date,
  ) {
    super();
  }

  async of(workerIds: readonly string[]): Promise<ReadonlyMap<string, ObservedUse>> {
    const found = await this.signs.of(workerIds);
    return new Map([...found].map(([id, use]) => [id, this.use(use, this.now())]));
  }

  probe(workerId: string): Promise<LiveProbe> {
    return this.probed(() => this.signs.probe(workerId));
  }
}

/** Every signal as if it had been read just now. */
export function fresh(use: ObservedUse, now: Date): ObservedUse {
  const signals = Object.fromEntries(
    Object.entries(use.signals).map(([name, state]: [string, SignalState]) => [
      name,
      { ...state, value: state.value === 'unknown' ? 'idle' : state.value, to: now, observedAt: now },
    ]),
  );
  return { ...use, signals };
}

/** Nobody ever did anything on the server but start labs. */
export function deserted({ signals, ...use }: ObservedUse): ObservedUse {
  const { activity, sessions } = signals;
  const idle = (state: SignalState | undefined) => state && { ...state, value: 'idle' as const };
  const others = {
    ...(activity && { activity: idle(activity) }),
    ...(sessions && { sessions: idle(sessions) }),
  };
  return { ...use, signals: { ...signals, ...others }, newestActivityAt: null };
}

/** Whatever the server says, or whether it says anything. */
export async function quiet(asked: () => Promise<LiveProbe>, at: Date): Promise<LiveProbe> {
  await asked().catch(() => null);
  return { at, runningLabs: 0, runningNodes: 0, newestActivityAt: null, cpuPercent: 0, failure: null };
}

/** Each notice counts as delivered as soon as it is told. */
export class BlindFaith extends StopNotices {
  constructor(private readonly notices: StopNotices) {
    super();
  }

  async factsOf(workerIds: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeFact[]>> {
    const facts = await this.notices.factsOf(workerIds);
    const believed = (one: NoticeFact): NoticeFact => ({
      ...one,
      state: 'delivered',
      deliveredAt: new Date(one.deadline.getTime() - one.stageMinutes * 60_000),
    });
    return new Map([...facts].map(([id, known]) => [id, known.map(believed)]));
  }

  tell(notice: StopNotice): Promise<void> {
    return this.notices.tell(notice);
  }

  callOff(...given: Parameters<StopNotices['callOff']>): Promise<void> {
    return this.notices.callOff(...given);
  }

  cameTrue(...given: Parameters<StopNotices['cameTrue']>): Promise<void> {
    return this.notices.cameTrue(...given);
  }

  alarm(...given: Parameters<StopNotices['alarm']>): Promise<void> {
    return this.notices.alarm(...given);
  }
}

/** The control, with a part of what it knows left out, and takes that nothing holds off. */
export class LooseControls extends ReaperControls {
  constructor(
    private readonly controls: ReaperControls,
    private readonly seen: (state: ReaperControlState) => ReaperControlState,
  ) {
    super();
  }

  async state(): Promise<ReaperControlState> {
    return this.seen(await this.controls.state());
  }

  change(context: CommandContext, decide: (control: ReaperControl) => void): Promise<ReaperControlState> {
    return this.controls.change(context, (control) => decide(takingAll(control)));
  }
}

function takingAll(control: ReaperControl): ReaperControl {
  return new Proxy(control, {
    get: (target, member) => {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...given: unknown[]) => unknown;
      if (member !== 'take') return method;
      return (...given: unknown[]): TakeOutcome => {
        method(...given);
        return { taken: true };
      };
    },
  });
}

/** Policies that lack something. */
export class OtherPolicies extends PolicySource {
  constructor(
    private readonly policies: PolicySource,
    private readonly changed: (policy: EffectivePolicy) => EffectivePolicy,
    private readonly budget: (budget: StopBudget) => StopBudget = (budget) => budget,
  ) {
    super();
  }

  of(worker: PolicySubject): EffectivePolicy {
    const found = this.policies.of(worker);
    const budget = found.policy.budget && this.budget(found.policy.budget);
    return this.changed({ ...found, policy: { ...found.policy, budget } });
  }

  fleet(): FleetRules {
    const { fleetBudget, regionBudget, ...rules } = this.policies.fleet();
    return {
      ...rules,
      fleetBudget: fleetBudget && this.budget(fleetBudget),
      regionBudget: regionBudget && this.budget(regionBudget),
    };
  }
}

export function withoutCalendar(policy: EffectivePolicy): EffectivePolicy {
  return { ...policy, calendar: OPEN_CALENDAR };
}
