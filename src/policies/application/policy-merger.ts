import { type InputFault, InvalidInput } from '../../kernel/domain-error';
import {
  type Calendar,
  type CalendarRules,
  type EffectivePolicy,
  type IdlePolicy,
  idlePolicy,
  type PolicyLayer,
  PROBLEM,
} from '../../reaper';
import { type GivenValues } from '../domain/policy-details';
import { calendarFaults } from './calendar/calendar-faults';
import { calendarOf } from './calendar/calendar-of';
import { policyValues } from './given-values';
import { type PolicyBasis } from './policy-basis';

/** A policy with its values, as one of several that a worker's is made of. */
export interface ValueLayer extends PolicyLayer {
  readonly values: GivenValues;
}

export interface MergedPolicy extends EffectivePolicy {
  /** those that do not fit what is beneath them, and why: they count for nothing */
  readonly leftOut: readonly { readonly layer: ValueLayer; readonly faults: readonly InputFault[] }[];
}

/** Where a value comes from that no policy gives. */
export const SETTINGS_LAYER: PolicyLayer = { id: 'settings', name: 'settings', version: 0 };

const CALENDARS_KEPT = 200;

/** Makes one policy of several: each value is that of the strongest which gives it. */
export class PolicyMerger {
  /** a calendar remembers what it worked out, and the same rules come with each worker */
  private readonly calendars = new Map<string, Calendar>();

  constructor(private readonly basis: PolicyBasis) {}

  /**
   * Of layers, weakest first. Where they are not acceptable together, those are left out that do not fit what is beneath
   * them, and nothing is stopped: what was left out may be what forbids it.
   * @throws InvalidInput when the settings alone are not acceptable
   */
  merge(layers: readonly ValueLayer[]): MergedPolicy {
    if (this.faultsOf(layers).length === 0) return { ...this.madeOf(layers), leftOut: [] };
    const kept: ValueLayer[] = [];
    const leftOut: { layer: ValueLayer; faults: InputFault[] }[] = [];
    for (const layer of layers) {
      const faults = this.faultsOf([...kept, layer]);
      if (faults.length === 0) kept.push(layer);
      else leftOut.push({ layer, faults });
    }
    return { ...withoutStops(this.madeOf(kept)), leftOut };
  }

  /** What is not acceptable of the layers together; pointers into the values. */
  faultsOf(layers: readonly ValueLayer[]): InputFault[] {
    const values = this.valuesOf(layers);
    const calendar = values.calendar ? calendarFaults(values.calendar) : [];
    const faults = calendar.map(({ pointer, message }) => ({ pointer: `/calendar${pointer}`, message }));
    try {
      this.policyOf(values);
      return faults;
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      return [...error.faults, ...faults];
    }
  }

  private madeOf(layers: readonly ValueLayer[]): EffectivePolicy {
    const policy = this.policyOf(this.valuesOf(layers));
    const originOf = (name: string) =>
      layers.findLast(({ values }) => Object.hasOwn(values, name))?.id ?? SETTINGS_LAYER.id;
    const origins = Object.fromEntries(Object.keys(policy).map((name) => [name, originOf(name)]));
    return {
      policy,
      calendar: this.calendarOf(policy.calendar),
      layers: [SETTINGS_LAYER, ...layers.map(({ id, name, version }) => ({ id, name, version }))],
      origins: origins as EffectivePolicy['origins'],
    };
  }

  private valuesOf(layers: readonly ValueLayer[]): Partial<IdlePolicy> {
    return Object.assign(
      {},
      this.basis.values,
      ...layers.map(({ values }) => policyValues(values)),
    ) as object;
  }

  private policyOf(values: Partial<IdlePolicy>): IdlePolicy {
    return idlePolicy(values, this.basis.observeSeconds, this.basis.activitySeconds);
  }

  private calendarOf(rules: CalendarRules): Calendar {
    const key = JSON.stringify(rules);
    const calendar = this.calendars.get(key) ?? calendarOf(rules);
    const [oldest] = this.calendars.keys();
    if (oldest !== undefined && this.calendars.size === CALENDARS_KEPT) this.calendars.delete(oldest);
    this.calendars.set(key, calendar);
    return calendar;
  }
}

/** The same, judged and explained, but nothing is stopped by it. */
export function withoutStops(effective: EffectivePolicy): EffectivePolicy {
  return {
    ...effective,
    policy: { ...effective.policy, dryRun: true },
    origins: { ...effective.origins, dryRun: PROBLEM },
  };
}
