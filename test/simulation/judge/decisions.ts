import { type WorkerState } from '../../../src/workers';
import { type RuleName } from '../../../src/reaper/domain/trace/rule';
import { type IdleDecision } from '../../../src/reaper/domain/decision/decision';

/**
 * What the reaper decided last about each worker, by whichever process. One that stood still and goes on judges by what it
 * had read before: once a later turn has judged, its word is the latest no more, but a stop of its making would be one.
 */
export class Decisions {
  readonly latest = new Map<string, IdleDecision>();
  /** decisions to stop, by id */
  readonly stops = new Map<string, IdleDecision>();
  /** workers that ran when the latest turn judged them */
  running: readonly WorkerState[] = [];
  /** number of the latest turn that judged: each has a higher one than those before it */
  private turn = 0;
  private readonly held = new Set<string>();
  private readonly heldAt = new Map<string, number>();

  /** When something that is nobody's fault last held the stop off, fleet milliseconds. */
  heldUntil(workerId: string, now: number): number {
    const isHeld = this.latest.get(workerId)?.restraints.some(isNobodysFault) ?? false;
    return isHeld ? now : (this.heldAt.get(workerId) ?? -Infinity);
  }

  /** A turn judges all that run. */
  begin(turn: number, running: readonly WorkerState[]): void {
    if (turn < this.turn) return;
    this.turn = turn;
    this.running = running;
    this.latest.clear();
  }

  note(turn: number, decision: IdleDecision): void {
    if (decision.verdict === 'stop') this.stops.set(decision.decisionId, decision);
    if (turn === this.turn) this.takeAsLatest(decision);
  }

  /** What the latest turn would say now. */
  repeat(decision: IdleDecision): void {
    this.note(this.turn, decision);
  }

  private takeAsLatest(decision: IdleDecision): void {
    this.latest.set(decision.workerId, decision);
    const isHeld = decision.restraints.some(isNobodysFault);
    // one that was held before was so until now
    if (isHeld || this.held.has(decision.workerId)) {
      this.heldAt.set(decision.workerId, decision.at.getTime());
    }
    if (isHeld) this.held.add(decision.workerId);
    else this.held.delete(decision.workerId);
  }
}

function isNobodysFault(restraint: RuleName): boolean {
  return restraint !== 'noticed';
}
