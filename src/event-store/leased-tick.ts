import { type MachineClock } from '../kernel/clocks';
import { type TickState, type TurnListener, type TurnWrapper, type WatchedTick } from '../kernel/tick';
import { type Coming, type DuePoller, LOOK_EVERY_MS } from './due-poller';
import { type LeaseHolder } from './lease-holder';
import { type Turn } from './leased-turn';
import { type ReportError } from './report-error';
import { each, type Schedule } from './schedule';

/** Something that is done again and again by one replica at a time, each time once. A failure is reported. */
export class LeasedTick implements WatchedTick {
  private current: Promise<Coming> | null = null;
  private stopped = false;
  private startedAt: Date | null = null;
  private finishedAt: Date | null = null;
  private readonly listeners: TurnListener[] = [];
  private around: TurnWrapper = (_, turn) => turn();

  /** `name` names the lease, too. */
  constructor(
    readonly name: string,
    private readonly work: (turn: Turn) => Promise<unknown>,
    private readonly holder: LeaseHolder,
    private readonly poller: DuePoller,
    private readonly clock: MachineClock,
    private readonly report: ReportError,
  ) {}

  /**
   * Does it now, by hand, be it due or not; while a turn is under way here, answers that one, and where another replica
   * has one, does nothing. Never rejects.
   */
  async run(): Promise<void> {
    await this.begin(true);
  }

  /** Does it if it is due and nobody else has it. Never rejects. */
  runIfDue(): Promise<Coming> {
    return this.begin(false);
  }

  /** From now on it is done when it is due. */
  follow(schedule: Schedule): void {
    if (!this.stopped) this.poller.add(this, schedule);
  }

  /** Done now, and again each time the interval (machine milliseconds) has passed since a turn's beginning. */
  every(intervalMs: number): void {
    this.follow(each(intervalMs));
  }

  /** No turn begins any more; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.poller.remove(this.name);
    await this.current;
  }

  /** It was looked whether it is due, and it is not. */
  looked(): void {
    if (!this.current) this.finishedAt = this.clock.now();
  }

  get isRunning(): boolean {
    return this.current !== null;
  }

  /** `finishedAt` is also when the tick was last found to be not due, or another's: it goes round all the same. */
  get state(): TickState {
    const { name, startedAt, finishedAt, isRunning: running } = this;
    return { name, startedAt, finishedAt, running, intervalMs: this.poller.has(name) ? LOOK_EVERY_MS : null };
  }

  /** However many replicas there are: while another one has the turn, it is not late. */
  get lagMs(): number | null {
    return this.isRunning ? 0 : this.poller.lagMs(this.name);
  }

  onTurn(listener: TurnListener): void {
    this.listeners.push(listener);
  }

  doWithin(around: TurnWrapper): void {
    this.around = around;
  }

  private begin(early: boolean): Promise<Coming> {
    if (this.stopped) return Promise.resolve('refused');
    this.current ??= this.turn(early).finally(() => (this.current = null));
    return this.current;
  }

  private async turn(early: boolean): Promise<Coming> {
    const startedAt = this.clock.now();
    this.startedAt = startedAt;
    try {
      const turn = await this.holder.take(this.name, early);
      this.finishedAt = this.clock.now();
      if (!turn) return 'refused';
      const work = (taken: Turn) => this.around(this.name, () => this.work(taken));
      await this.holder.spend(turn, work, this.poller.scheduleOf(this.name)?.after);
      this.tell(startedAt, false);
      return 'done';
    } catch (error) {
      this.tell(startedAt, true);
      this.report(error, `run the tick ${this.name}; the next one comes all the same`);
      return 'failed';
    }
  }

  private tell(startedAt: Date, failed: boolean): void {
    const durationMs = this.clock.now().getTime() - startedAt.getTime();
    for (const listener of this.listeners) listener({ name: this.name, startedAt, durationMs, failed });
  }
}
