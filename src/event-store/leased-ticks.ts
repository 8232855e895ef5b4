import { type MachineClock } from '../kernel/clocks';
import { DatabaseTime, type Warn } from './database-time';
import { DuePoller } from './due-poller';
import { LeaseHolder } from './lease-holder';
import { type LeaseOwner } from './lease-owner';
import { LeasedTick } from './leased-tick';
import { LeasedTickGroup } from './leased-tick-group';
import { type Turn } from './leased-turn';
import { type Leases } from './ports';
import { type ReportError } from './report-error';

export interface LeasedTicksParts {
  readonly leases: Leases;
  readonly owner: LeaseOwner;
  readonly clock: MachineClock;
  /** 0 to 1: when this replica comes for what several could take */
  readonly random: () => number;
  readonly report: ReportError;
  readonly warn: Warn;
}

/** Makes ticks that of all replicas one takes, once each time: a turn without the lease does nothing. */
export class LeasedTicks {
  private readonly holder: LeaseHolder;
  private readonly poller: DuePoller;

  constructor(private readonly parts: LeasedTicksParts) {
    const { leases, owner, clock, random, report, warn } = parts;
    const time = new DatabaseTime(clock, warn);
    this.holder = new LeaseHolder(leases, owner, clock, time, report, warn);
    this.poller = new DuePoller(leases, owner, this.holder, time, random, report);
  }

  /** `name` names the lease, too. */
  tick(name: string, work: (turn: Turn) => Promise<unknown>): LeasedTick {
    const { clock, report } = this.parts;
    return new LeasedTick(name, work, this.holder, this.poller, clock, report);
  }

  /** A tick `<name>/<place>` for each place. */
  group(
    name: string,
    places: readonly string[],
    work: (place: string, turn: Turn) => Promise<unknown>,
  ): LeasedTickGroup {
    return new LeasedTickGroup(
      places.map((place) => this.tick(`${name}/${place}`, (turn) => work(place, turn))),
    );
  }

  /** Looks for what is due now: for somebody else's timer that knows the moment. */
  lookNow(): void {
    this.poller.lookNow();
  }

  /**
   * Does something under a job's lease now, as a turn of its tick, if it has one. Null when a turn is under way, here
   * or elsewhere. @throws what the work throws, StoreUnavailable
   */
  async exclusively<T>(
    job: string,
    work: (turn: Turn) => Promise<T>,
  ): Promise<{ readonly result: T } | null> {
    const turn = await this.holder.take(job, true);
    if (!turn) return null;
    return { result: await this.holder.spend(turn, work, this.poller.scheduleOf(job)?.after) };
  }
}
