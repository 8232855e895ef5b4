import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type NoticeFact, type WorkerFacts } from '../domain/signals/idle-input';
import { type IdlePolicy } from '../domain/policy/idle-policy';
import { OBSERVED_SIGNALS, type SignalState } from '../domain/signals/idle-signals';
import { judge } from '../domain/judgement/judgement';
import { anIdleInput, aSignal, NOW } from './idle-input.builder';

/** What happens in a minute: somebody uses it, nobody does, or nobody does and it cannot be read either. */
export type Happening = 'used' | 'unused' | 'unread';

interface Told {
  readonly minute: number;
  readonly stageMinutes: number;
  readonly deadline: number;
}

/** A worker that is read and judged once a minute, and for which is done what the judgements ask for. */
export class LivedWorker {
  /** minute of the first verdict `stop`; null: none so far */
  stoppedAt: number | null = null;
  readonly told: Told[] = [];
  private labs: SignalState | undefined;
  private plannedStop: WorkerFacts['plannedStop'] = null;
  private notices: NoticeFact[] = [];
  private lastActivityAt = NOW;

  /** Notices take so long to be delivered; null: they never are. */
  constructor(
    private readonly policy: IdlePolicy,
    private readonly deliverySeconds: number | null = 10,
  ) {}

  live(happenings: readonly Happening[]): void {
    for (const [minute, happening] of happenings.entries()) {
      const now = plus(NOW, minute * MINUTE);
      if (happening !== 'unread') this.read(happening === 'used' ? 'active' : 'idle', now);
      if (this.stoppedAt === null) this.turn(minute, now);
    }
  }

  /** A reading half a minute before the turn, which goes on with the interval unless it missed too many. */
  private read(value: 'active' | 'idle', now: Date): void {
    const at = plus(now, -30 * SECOND);
    if (value === 'active') this.lastActivityAt = at;
    const goesOn = this.labs?.value === value && at.getTime() - this.labs.to.getTime() <= 3 * MINUTE;
    this.labs =
      this.labs && goesOn
        ? { ...this.labs, to: at, observedAt: at, readings: this.labs.readings + 1 }
        : aSignal('labs', { value, from: at, to: at, observedAt: at, readings: 1 });
  }

  private turn(minute: number, now: Date): void {
    const { policy, labs, plannedStop, notices, lastActivityAt } = this;
    const quiet = aSignal('ec2', { from: NOW, to: now, observedAt: now });
    const signals = { ...Object.fromEntries(OBSERVED_SIGNALS.map((name) => [name, quiet])), labs };
    const worker = { plannedStop, notices, lastActivityAt, runningSince: NOW };
    const { verdict, plan, noticeDue } = judge(anIdleInput({ now, policy, signals, worker }));
    if (verdict === 'stop') this.stoppedAt = minute;
    this.plannedStop = plan && { ...plan, reason: 'announced' };
    if (!noticeDue) return;
    const deliveredAt = this.deliverySeconds === null ? null : plus(now, this.deliverySeconds * SECOND);
    this.notices.push({ ...noticeDue, state: deliveredAt ? 'delivered' : 'failed', deliveredAt });
    const deadline = (noticeDue.deadline.getTime() - NOW.getTime()) / MINUTE;
    this.told.push({ minute, stageMinutes: noticeDue.stageMinutes, deadline });
  }
}
