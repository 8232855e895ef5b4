import { HOUR, MINUTE, SECOND } from '../../../src/kernel/clocks';
import { Mortal } from '../../convergence/bench/mortal';
import { type Outside, Process } from '../core/process';
import { type Dice } from './dice';
import { type Scene } from './scene';
import { ReaperLease } from './leases';

const DAY = 24 * HOUR;

/**
 * The processes of the fleet manager: they take the reaper's turns by its lease, die, stand still and go on, and are all down at
 * times. A turn is taken at each minute at which anything could be decided otherwise than before.
 */
export class Installation {
  isDown = false;
  turns = 0;
  private process: Process;
  private readonly sleepers: Process[] = [];
  private readonly lease: ReaperLease;
  private started = 0;
  private isAsked = false;
  private tickAt = Infinity;
  /** what the latest turn that was not interrupted knew beside the workers; null: it was, or there was none */
  private known: { readonly process: Process; readonly control: number; readonly notices: number } | null =
    null;
  /** whether there was a turn since the application came up, or came back */
  private firstSince: 'not begun' | 'begun' | 'had' = 'not begun';
  /** the latest turn before it went down; null: it is new */
  private lastTurnAt: number | null = null;

  constructor(
    private readonly fleet: Scene,
    private readonly outside: Outside,
    private readonly dice: Dice,
  ) {
    this.lease = new ReaperLease(fleet.time);
    this.process = this.newProcess();
  }

  begin(): void {
    const { deathsADay, standstillsADay, outagesADay, pausesADay, silencesADay } = this.fleet.traits;
    this.wake();
    this.troubles(deathsADay, () => this.doom('dies'));
    this.troubles(standstillsADay, () => this.doom('stands still'));
    this.troubles(pausesADay, () => this.pause(this.dice.span(5 * MINUTE, 6 * HOUR)));
    this.troubles(silencesADay, () => this.silence(this.dice.span(2 * MINUTE, 6 * HOUR)));
    this.troubles(outagesADay, () => this.goDown(this.dice.span(5 * MINUTE, 12 * HOUR)));
  }

  /** Something is otherwise than it was: the next minute's turn looks at it. */
  wake(at = this.fleet.time.now): void {
    const tick = (Math.floor(at / MINUTE) + 1) * MINUTE;
    if (tick >= this.tickAt) return;
    this.tickAt = tick;
    this.fleet.time.at(tick, () => this.tick(tick));
  }

  /** Null: each of the minutes before had its turn, be it one that would have done nothing. */
  begunBefore(): number | null {
    return this.firstSince === 'not begun' ? this.lastTurnAt : null;
  }

  finishedBefore(): number | null {
    return this.firstSince === 'had' ? this.minuteBefore : this.lastTurnAt;
  }

  begun(): void {
    if (this.firstSince === 'not begun') this.firstSince = 'begun';
  }

  finished(): void {
    this.firstSince = 'had';
  }

  /** The application is down for so long. */
  goDown(ms: number): void {
    if (this.isDown) return;
    const { fleet } = this;
    fleet.story.tell(fleet.time.now, () => `the application is down for ${Math.round(ms / MINUTE)} min`);
    this.isDown = true;
    if (this.firstSince !== 'not begun') this.lastTurnAt = this.minuteBefore;
    this.firstSince = 'not begun';
    this.process.mortal.die();
    fleet.liveness.holdAll('down');
    for (const { readings } of fleet.lives.values()) readings.down(true);
    fleet.time.after(ms, () => {
      this.isDown = false;
      this.process = this.newProcess();
      for (const { readings } of fleet.lives.values()) readings.down(false);
      fleet.liveness.releaseAll('down');
      this.wake();
    });
  }

  /** Somebody switches all automatic stops off for so long. */
  async pause(ms: number): Promise<void> {
    const { fleet } = this;
    if (fleet.pausedSince !== null) return;
    fleet.pausedSince = Infinity;
    fleet.liveness.holdAll('paused');
    await fleet.admin.pause();
    fleet.pausedSince = fleet.time.now;
    fleet.story.tell(fleet.time.now, () => `somebody pauses all stops for ${Math.round(ms / MINUTE)} min`);
    this.wake();
    fleet.time.after(ms, async () => {
      fleet.pausedSince = null;
      await fleet.admin.resume();
      fleet.liveness.releaseAll('paused');
      this.wake();
    });
  }

  /** No way leads to people for so long. */
  private silence(ms: number): void {
    const { channels, liveness, time } = this.fleet;
    for (const channel of channels) channel.isDown = true;
    liveness.holdAll('silence');
    time.after(ms, () => {
      for (const channel of channels) channel.isDown = false;
      liveness.releaseAll('silence');
    });
  }

  private get minuteBefore(): number {
    return (Math.ceil(this.fleet.time.now / MINUTE) - 1) * MINUTE;
  }

  private async tick(at: number): Promise<void> {
    if (this.tickAt !== at) return;
    this.tickAt = Infinity;
    if (this.fleet.mode.slow) this.wake();
    if (this.isDown) return;
    if (!this.process.mortal.isAlive) this.process = this.newProcess();
    const { process } = this;
    if (await this.isNeedless(process)) return this.wakeForDecisions();
    const turn = this.lease.claim(process.mortal);
    if (!turn) return this.wake(this.lease.freeAt);
    this.turns += 1;
    const { stores } = this.fleet;
    const before = stores.changes;
    this.known = null;
    const known = { process, control: stores.controlChanges, notices: this.fleet.noticesTried };
    const work = process.reap(turn).catch((error: unknown) => this.fleet.failed(error, 'a turn'));
    await Promise.race([work, process.mortal.gone]);
    if (process.mortal.isAlive) {
      this.lease.release(turn);
      this.known = known;
    } else this.ended(process);
    if (stores.changes !== before || !process.mortal.isAlive) {
      this.wake();
      for (const life of this.fleet.lives.values()) life.turnEnded();
    }
    this.wakeForDecisions();
  }

  /** It would only repeat the latest turn. */
  private async isNeedless(process: Process): Promise<boolean> {
    const { known, fleet } = this;
    if (fleet.mode.slow || !known || this.firstSince !== 'had' || this.lease.freeAt > fleet.time.now)
      return false;
    if (known.process !== process || known.control !== fleet.stores.controlChanges) return false;
    return known.notices === fleet.noticesTried && (await process.wouldRepeatItself());
  }

  /** At each time at which a decision may become another one by itself. */
  private wakeForDecisions(): void {
    const { decisions, stores, time, traits } = this.fleet;
    // what was refused is announced or tried again after its wait
    for (const { notBefore } of stores.control.refusals) {
      if (notBefore.getTime() > time.now) this.wake(notBefore.getTime() - 1);
    }
    for (const { nextDecisionAt, verdict, restraints, plan, policy } of decisions.latest.values()) {
      // a stage changes no verdict, but somebody is told
      for (const stage of plan ? policy.warningStagesMinutes : []) {
        const stageAt = plan ? plan.at.getTime() - stage * MINUTE : time.now;
        if (stageAt > time.now) this.wake(stageAt - 1);
      }
      if (restraints.includes('breaker')) this.askAPerson();
      if (verdict === 'unknown') this.wake(time.now + 2 * traits.observeMs);
      // the turn at that very time sees it
      if (nextDecisionAt) this.wake(Math.max(time.now, nextDecisionAt.getTime() - 1));
    }
  }

  /** The breaker is open: after a while somebody looks at it. */
  private askAPerson(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.fleet.time.after(this.dice.span(10 * MINUTE, 6 * HOUR), async () => {
      this.isAsked = false;
      await this.fleet.admin.resume();
      this.wake();
    });
  }

  private ended(process: Process): void {
    this.fleet.liveness.disturbAll();
    if (process.mortal.state !== 'still') return;
    this.sleepers.push(process);
    const ms = this.dice.chance(0.5)
      ? this.dice.whole(1, 20) * SECOND
      : this.dice.span(20 * SECOND, 2 * HOUR);
    this.fleet.time.after(ms, () => {
      process.mortal.goOn();
      // what it still records of its call the next readings correct
      for (const { readings } of this.fleet.lives.values()) readings.followStop();
    });
  }

  private doom(what: 'dies' | 'stands still'): void {
    const when = this.dice.chance(0.5) ? 'before' : 'after';
    const call = this.dice.whole(1, 40);
    this.process.mortal.meet({ call, when, what });
  }

  private troubles(aDay: number, strike: () => void | Promise<void>): void {
    if (aDay <= 0) return;
    const { time } = this.fleet;
    const next = (): void =>
      time.after(this.dice.whole(1, Math.round((2 * DAY) / aDay)), () => {
        next();
        return strike();
      });
    next();
  }

  private newProcess(): Process {
    this.started += 1;
    const { story, time } = this.fleet;
    const mortal = new Mortal(`process ${this.started}`, (what) => story.tell(time.now, () => what));
    return new Process(mortal, this.outside);
  }
}
