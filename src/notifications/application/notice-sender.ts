import { type ReportError, SideBySide } from '../../event-store';
import { type FleetClock, MINUTE, SECOND } from '../../kernel/clocks';
import { type Outbox } from '../domain/ports';
import { type ChannelName, type Posting } from '../domain/posting';
import { type PostingAttempt } from './posting-attempt';

/** Machine milliseconds: well above the time that a try may take. */
const CLAIM_MS = MINUTE;
const AT_ONCE_PER_CHANNEL = 4;
const ALL: readonly ChannelName[] = ['webhook', 'slack', 'email'];
/** Machine milliseconds that a stop waits for answers. */
const GRACE_MS = 10 * SECOND;

export interface NoticeSenderServices {
  readonly outbox: Outbox;
  readonly attempt: PostingAttempt;
  /** those that are set up here */
  readonly channels: readonly ChannelName[];
  /** fleet time, by which notices expire */
  readonly clock: FleetClock;
  /** this process among the replicas */
  readonly owner: string;
  readonly report: ReportError;
  readonly graceMs?: number;
}

/**
 * Sends what is due by the channels that are set up here, a few side by side. All processes do so: each posting is one's at a time. Each channel has room of
 * its own, so that one that hangs delays no other.
 */
export class NoticeSender extends SideBySide<Posting> {
  private readonly aborted = new AbortController();
  private claims = 0;

  constructor(private readonly services: NoticeSenderServices) {
    super(Math.max(1, services.channels.length) * AT_ONCE_PER_CHANNEL);
  }

  /** Begins nothing any more, and gives back what is not answered within the time of grace. */
  async stop(): Promise<void> {
    await this.halt();
    const timer = setTimeout(() => this.aborted.abort(), this.services.graceMs ?? GRACE_MS);
    await this.settled();
    clearTimeout(timer);
  }

  protected async claim(): Promise<Posting | null> {
    const { outbox, channels, clock } = this.services;
    const busy = this.underWay.map(({ channel }) => channel);
    const free = channels.filter((one) => busy.filter((other) => other === one).length < AT_ONCE_PER_CHANNEL);
    const own = free.length > 0 ? await outbox.claimDue(free, this.nextOwner(), CLAIM_MS) : null;
    if (own) return own;
    // another process may know the channel: what is left of a setting that was taken away is given up in the end only
    const strange = ALL.filter((one) => !channels.includes(one));
    return strange.length > 0 ? outbox.claimDue(strange, this.nextOwner(), CLAIM_MS, clock.now()) : null;
  }

  private nextOwner(): string {
    this.claims += 1;
    return `${this.services.owner}#${this.claims}`;
  }

  protected async carryOut(posting: Posting): Promise<void> {
    const { attempt, report } = this.services;
    try {
      await attempt.run(posting, this.aborted.signal);
    } catch (error) {
      report(error, `send the notice ${posting.noticeId} by ${posting.channel}`);
    }
  }

  protected reportClaim(error: unknown): void {
    this.services.report(error, 'look for notices that are due');
  }
}
