import { type PastVerdict } from '../../domain/ports';
import { type VerdictComparison } from '../../domain/simulation-result';
import { type TickGrid } from './tick-grid';
import { type ReplayedVerdict } from './worker-replay';

const SHOWN = 50;

type Difference = VerdictComparison['differing'][number];

/** Holds what is replayed of the live policy against what the reaper thought, change by change. */
export class VerdictComparer {
  private recorded = 0;
  private equal = 0;
  private restrained = 0;
  private underOtherPolicies = 0;
  private differingTotal = 0;
  private replayedOnly = 0;
  /** the first of them */
  private readonly differing: Difference[] = [];

  constructor(private readonly grid: TickGrid) {}

  /** `layers` are the policies that hold now, as verdicts name them; the first recorded one is how it stood before. */
  add(
    workerId: string,
    recorded: readonly PastVerdict[],
    replayed: readonly ReplayedVerdict[],
    layers: readonly string[],
  ): void {
    const thought = this.withoutRestraints(recorded, replayed);
    const met = new Set<ReplayedVerdict>();
    for (const { at, verdict, policyLayers } of thought.slice(1)) {
      const then = latestAt(replayed, at);
      const isOther = policyLayers.join() !== layers.join();
      const isSame = then?.verdict === verdict && this.isInTurn(then.at, at);
      if (then && this.isInTurn(then.at, at)) met.add(then);
      if (isOther) this.underOtherPolicies += 1;
      else this.recorded += 1;
      if (isOther) continue;
      if (isSame) this.equal += 1;
      else this.note({ workerId, at, recorded: verdict, replayed: then?.verdict ?? null });
    }
    const [first] = thought;
    if (!first || first.policyLayers.join() !== layers.join()) return;
    for (const one of replayed) {
      const stood = latestAt(thought, this.lastOfTurn(one.at));
      const isNew = one !== replayed[0] && one.at > first.at && !met.has(one);
      if (!isNew || stood?.policyLayers.join() !== layers.join()) continue;
      this.replayedOnly += 1;
      this.note({ workerId, at: one.at, recorded: null, replayed: one.verdict });
    }
  }

  get result(): VerdictComparison {
    const { recorded, equal, restrained, underOtherPolicies, differingTotal, replayedOnly } = this;
    const counts = { recorded, equal, restrained, underOtherPolicies, differingTotal, replayedOnly };
    return { ...counts, differing: [...this.differing] };
  }

  private note(difference: Difference): void {
    this.differingTotal += 1;
    if (this.differing.length < SHOWN) this.differing.push(difference);
  }

  /** What pauses, budgets and undelivered notices held off is a stop here: a replay knows nothing of them. */
  private withoutRestraints(recorded: readonly PastVerdict[], replayed: readonly ReplayedVerdict[]) {
    const thought: PastVerdict[] = [];
    for (const one of recorded) {
      const isHeld = one.verdict === 'held' && latestAt(replayed, one.at)?.verdict === 'stop';
      if (isHeld) this.restrained += 1;
      const free = isHeld ? { ...one, verdict: 'stop' } : one;
      if (thought.at(-1)?.verdict !== free.verdict) thought.push(free);
    }
    return thought;
  }

  /** A turn takes a moment, so that what it thought is dated a little after it began. */
  private isInTurn(turn: Date, at: Date): boolean {
    return turn <= at && at <= this.lastOfTurn(turn);
  }

  private lastOfTurn(turn: Date): Date {
    return new Date(this.grid.atOrAfter(turn.getTime() + 1) - 1);
  }
}

function latestAt<T extends { readonly at: Date }>(sorted: readonly T[], time: Date): T | null {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = sorted[middle];
    if (one && one.at <= time) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1] ?? null;
}
