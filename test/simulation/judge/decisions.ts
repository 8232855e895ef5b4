import { type IdleDecision } from '../../../src/reaper';

/** What the reaper decided last about each worker, by whichever process. */
export class Decisions {
  readonly latest = new Map<string, IdleDecision>();
  /** decisions to stop, by id */
  readonly stops = new Map<string, IdleDecision>();
  /** workers that ran when they were judged last */
  running = 0;

  /** A turn judges all that run. */
  begin(running: number): void {
    this.running = running;
    this.latest.clear();
  }

  note(decision: IdleDecision): void {
    this.latest.set(decision.workerId, decision);
    if (decision.verdict === 'stop') this.stops.set(decision.decisionId, decision);
  }
}
