import { type FleetClock, plus, SECOND } from '../../kernel/clocks';
import { seededRandom } from '../seeded-random';
import { matchesWildcard } from '../wildcard';
import { faultRule, type FaultRule, type FaultRuleInput } from './fault-rule';
import { type FaultTarget, hasTarget, means } from './fault-target';
import { type Hit, isOutcome, Strike } from './strike';

/** What the plan looks at of a call. */
export interface FaultCall {
  readonly action: string;
  readonly region: string;
  /** The instances that the call names or would make; empty where it names none, as a listing does. */
  targets(): readonly FaultTarget[];
}

/** A rule at work. */
export interface Fault {
  readonly id: number;
  readonly rule: FaultRule;
  /** how many calls it struck so far */
  readonly strikes: number;
}

interface Entry extends Hit, Fault {
  strikes: number;
  /** calls that fitted, struck or not */
  fitted: number;
  readonly from: Date | null;
  readonly until: Date | null;
}

/** The rules by which calls of the simulated AWS go wrong. */
export class FaultPlan {
  private entries: Entry[] = [];
  private added = 0;

  /** @param seed of all dice that a rule does not seed itself */
  constructor(
    private readonly clock: FleetClock,
    private readonly seed: number,
  ) {}

  /**
   * Lets calls go wrong from now on. The answer counts on, also once the rule is used up.
   * @param at since when it holds, for a rule that is added late
   * @throws ZodError where the rule makes no sense
   */
  add(input: FaultRuleInput, at: Date = this.clock.now()): Fault {
    const rule = faultRule.parse(input);
    this.added += 1;
    const id = this.added;
    const ends = rule.forSeconds === undefined ? null : plus(at, rule.forSeconds * SECOND);
    const entry: Entry = {
      ...{ id, rule, strikes: 0, fitted: 0, from: rule.from ?? null, until: rule.until ?? ends },
      random: seededRandom(rule.seed ?? this.seed + id),
    };
    this.entries.push(entry);
    return entry;
  }

  /** The rules that still hold, oldest first. */
  list(): readonly Fault[] {
    this.forgetPast();
    return this.entries.map((entry) => this.describe(entry));
  }

  /** A rule as it stands now, which does not count on. */
  describe({ id, rule, strikes }: Fault): Fault {
    return { id, rule, strikes };
  }

  /** Ends a rule. @returns false where there is none of this id */
  remove(id: number): boolean {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  clear(): void {
    this.entries = [];
  }

  /**
   * All that goes wrong with this call. Of the rules that would replace its answer the one added first strikes; the
   * others wait for their next call.
   */
  strike(call: FaultCall): Strike {
    this.forgetPast();
    const hits: Entry[] = [];
    for (const entry of this.entries) {
      if (isOutcome(entry.rule) && hits.some(({ rule }) => isOutcome(rule))) continue;
      if (this.fits(entry, call) && this.isDue(entry)) hits.push(entry);
    }
    for (const entry of hits) entry.strikes += 1;
    this.forgetPast();
    return new Strike(hits);
  }

  private fits({ rule, from }: Entry, call: FaultCall): boolean {
    if (from && this.clock.now() < from) return false;
    if (rule.region !== undefined && rule.region !== call.region) return false;
    if (!(rule.actions ?? ['*']).some((action) => matchesWildcard(action, call.action))) return false;
    if (!hasTarget(rule)) return true;
    const targets = call.targets();
    // A listing names nobody and shows everybody: what is wrong with single instances is wrong in it, too.
    if (targets.length === 0) return !isOutcome(rule) && call.action.startsWith('Describe');
    return targets.some((target) => means(rule, target));
  }

  private isDue(entry: Entry): boolean {
    entry.fitted += 1;
    const { every = 1, probability = 1 } = entry.rule;
    return entry.fitted % every === 0 && (probability === 1 || entry.random() < probability);
  }

  private forgetPast(): void {
    const now = this.clock.now();
    this.entries = this.entries.filter(
      ({ rule, strikes, until }) => strikes < (rule.next ?? Infinity) && !(until && until <= now),
    );
  }
}
