import { type FleetClock, plus, SECOND } from '../../kernel/clocks';
import { seededRandom } from '../seeded-random';
import { type RuleTiming } from './rule-timing';

/** A rule at work. */
export interface Planned<Rule> {
  readonly id: number;
  readonly rule: Rule;
  /** how many calls it struck so far */
  readonly strikes: number;
}

/** A rule that strikes a call, with its own dice. */
export interface Hit<Rule> {
  readonly rule: Rule;
  readonly random: () => number;
}

interface Entry<Rule> extends Hit<Rule>, Planned<Rule> {
  strikes: number;
  /** calls that fitted, struck or not */
  fitted: number;
  readonly from: Date;
  readonly until: Date | null;
}

/** The rules by which calls of one kind go wrong: of AWS, of CML servers, of Smart Licensing. */
export abstract class RulePlan<Input, Rule extends RuleTiming, Call> {
  private entries: Entry<Rule>[] = [];
  private added = 0;

  /** @param seed of all dice that a rule does not seed itself */
  constructor(
    protected readonly clock: FleetClock,
    private readonly seed: number,
  ) {}

  /** @throws ZodError where the rule makes no sense */
  protected abstract parse(input: Input): Rule;

  /** Whether a rule means a call at all, whenever that is. */
  protected abstract fits(rule: Rule, call: Call): boolean;

  /** Whether a rule replaces the answer of a call; of such rules only one strikes. */
  protected abstract isOutcome(rule: Rule): boolean;

  /**
   * Lets calls go wrong from now on. The answer counts on, also once the rule is used up.
   * @param at since when it holds, for a rule that is added late
   * @throws ZodError where the rule makes no sense
   */
  add(input: Input, at: Date = this.clock.now()): Planned<Rule> {
    const rule = this.parse(input);
    this.added += 1;
    const id = this.added;
    const ends = rule.forSeconds === undefined ? null : plus(at, rule.forSeconds * SECOND);
    const entry: Entry<Rule> = {
      ...{ id, rule, strikes: 0, fitted: 0, from: rule.from ?? at, until: rule.until ?? ends },
      random: seededRandom(rule.seed ?? this.seed + id),
    };
    this.entries.push(entry);
    return entry;
  }

  /** The rules that still hold, oldest first. */
  list(): readonly Planned<Rule>[] {
    this.forgetPast(this.clock.now());
    return this.entries.map((entry) => this.describe(entry));
  }

  /** A rule as it stands now, which does not count on. */
  describe({ id, rule, strikes }: Planned<Rule>): Planned<Rule> {
    return { id, rule, strikes };
  }

  /** Ends a rule. @returns false where there is none of this id */
  remove(id: number): boolean {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  /** Ends all rules of a name. @returns how many there were */
  removeNamed(name: string): number {
    const before = this.list().length;
    this.entries = this.entries.filter(({ rule }) => rule.name !== name);
    return before - this.entries.length;
  }

  clear(): void {
    this.entries = [];
  }

  /**
   * The rules that strike a call. Of those that would replace its answer the one added first does; the others wait
   * for their next call.
   * @param at when the call was made, for one that is looked at late
   */
  protected hitsOf(call: Call, at: Date = this.clock.now()): readonly Hit<Rule>[] {
    this.forgetPast(at);
    const hits: Entry<Rule>[] = [];
    for (const entry of this.entries) {
      if (at < entry.from) continue;
      if (this.isOutcome(entry.rule) && hits.some(({ rule }) => this.isOutcome(rule))) continue;
      if (this.fits(entry.rule, call) && this.isDue(entry)) hits.push(entry);
    }
    for (const entry of hits) entry.strikes += 1;
    this.forgetPast(at);
    return hits;
  }

  private isDue(entry: Entry<Rule>): boolean {
    entry.fitted += 1;
    const { every = 1, probability = 1 } = entry.rule;
    return entry.fitted % every === 0 && (probability === 1 || entry.random() < probability);
  }

  private forgetPast(now: Date): void {
    this.entries = this.entries.filter(
      ({ rule, strikes, until }) => strikes < (rule.next ?? Infinity) && !(until && until <= now),
    );
  }
}
