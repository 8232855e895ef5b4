import { type FaultRule } from './fault-rule';
import { type FaultTarget, means } from './fault-target';
import { type KnownError, knownError } from './known-errors';
import { type Hit } from './rule-plan';

export interface StruckError extends KnownError {
  readonly code: string;
}

/** Whether a rule replaces the answer of a call; of such rules only one strikes. */
export function isOutcome({ error, cut }: FaultRule): boolean {
  return error !== undefined || cut !== undefined;
}

/** Everything that goes wrong with one call: what the rules that strike it come to together. */
export class Strike {
  private readonly outcome: FaultRule | undefined;

  constructor(private readonly hits: readonly Hit<FaultRule>[]) {
    this.outcome = hits.map(({ rule }) => rule).find(isOutcome);
  }

  /** Nothing goes wrong with this call. */
  get isNothing(): boolean {
    return this.hits.length === 0;
  }

  /** the error that is answered instead */
  get error(): StruckError | null {
    const code = this.outcome?.error;
    if (code === undefined) return null;
    const { httpStatus = 400, message = `Simulated ${code}` } = knownError(code) ?? {};
    return {
      code,
      httpStatus: this.outcome?.httpStatus ?? httpStatus,
      message: this.outcome?.message ?? message,
    };
  }

  get cut(): 'before-answer' | 'mid-answer' | null {
    return this.outcome?.cut ?? null;
  }

  /** Whether the call takes effect. Half of a good answer can only come of a call that was done. */
  get applied(): boolean {
    const { outcome } = this;
    if (!outcome) return true;
    return outcome.applied ?? (outcome.error === undefined && outcome.cut === 'mid-answer');
  }

  get latencyMs(): number {
    return this.sum((rule) => rule.latencyMs);
  }

  get clockSkewSeconds(): number {
    return this.sum((rule) => rule.clockSkewSeconds);
  }

  get bootFails(): string | null {
    return this.hits.find(({ rule }) => rule.bootFails !== undefined)?.rule.bootFails ?? null;
  }

  get partialData(): boolean {
    return this.hits.some(({ rule }) => rule.partialData);
  }

  /** Fleet seconds by which the state of an instance is older than usual. */
  lagSeconds(target: FaultTarget): number {
    return this.most(target, (rule) => rule.lagSeconds);
  }

  /** Fleet seconds for which a launched instance is not found. */
  hiddenSeconds(target: FaultTarget): number {
    return this.most(target, (rule) => rule.hideYoungerThanSeconds);
  }

  /** What is left of a page of a listing, in the order in which it comes. */
  arrange<T>(items: readonly T[], targetOf: (item: T) => FaultTarget): readonly T[] {
    return this.hits.reduce((page, hit) => arrangeBy(hit, page, targetOf), items);
  }

  private sum(of: (rule: FaultRule) => number | undefined): number {
    return this.hits.reduce((total, { rule }) => total + (of(rule) ?? 0), 0);
  }

  private most(target: FaultTarget, of: (rule: FaultRule) => number | undefined): number {
    return this.hits.reduce((most, { rule }) => {
      const value = of(rule) ?? 0;
      return value > most && means(rule, target) ? value : most;
    }, 0);
  }
}

/** Where nothing goes wrong. */
export const NO_STRIKE = new Strike([]);

function arrangeBy<T>(
  { rule, random }: Hit<FaultRule>,
  items: readonly T[],
  targetOf: (item: T) => FaultTarget,
): readonly T[] {
  const { dropShare = 0, dropIds, duplicateShare = 0, duplicateIds, shuffle } = rule;
  if (dropShare + duplicateShare === 0 && !dropIds && !duplicateIds && !shuffle) return items;
  const hit = (item: T, chance: number, ids: readonly string[] | undefined): boolean => {
    const target = targetOf(item);
    if (!means(rule, target)) return false;
    return (target.id !== null && ids?.includes(target.id)) || (chance > 0 && random() < chance);
  };
  const page = items
    .filter((item) => !hit(item, dropShare, dropIds))
    .flatMap((item) => (hit(item, duplicateShare, duplicateIds) ? [item, item] : [item]));
  if (!shuffle) return page;
  for (let last = page.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [page[last], page[other]] = [page[other] as T, page[last] as T];
  }
  return page;
}
