import { type ReportError, SideBySide } from '../../event-store';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { type Outbox } from '../domain/ports';
import { type ChannelName, type Posting } from '../domain/posting';
import { type PostingAttempt } from './posting-attempt';

/** Machine milliseconds: well above the time that a try may take. */
const CLAIM_MS = MINUTE;
const AT_ONCE_PER_CHANNEL = 4;
/** Machine milliseconds that a stop waits for answers. */
const GRACE_MS = 10 * SECOND;

export interface NoticeSenderServices {
  readonly outbox: Outbox;
  readonly attempt: PostingAttempt;
  /** this process among the replicas */
  readonly owner: string;
  readonly report: ReportError;
  readonly graceMs?: number;
}

/** Those without a channel of their own are looked for as well: what is left of a setting that was taken away. */
const CHANNELS: readonly ChannelName[] = ['webhook', 'slack', 'email'];

/**
 * Sends what is due, a few side by side. All processes do so: each posting is one's at a time. Each channel has room of
 * its own, so that one that hangs delays no other.
 */
export class NoticeSender extends SideBySide<Posting> {
  private readonly aborted = new AbortController();
  private claims = 0;

  constructor(private readonly services: NoticeSenderServices) {
    super(CHANNELS.length * AT_ONCE_PER_CHANNEL);
  }

  /** Begins nothing any more, and gives back what is not answered within the time of grace. */
  async stop(): Promise<void> {
    await this.halt();
    const timer = setTimeout(() => this.aborted.abort(), this.services.graceMs ?? GRACE_MS);
    await this.settled();
    clearTimeout(timer);
  }

  protected async claim(): Promise<Posting | null> {
    const busy = this.underWay.map(({ channel }) => channel);
    const free = CHANNELS.filter((one) => busy.filter((other) => other === one).length < AT_ONCE_PER_CHANNEL);
    if (free.length === 0) return null;
    this.claims += 1;
    return this.services.outbox.claimDue(free, `${this.services.owner}#${this.claims}`, CLAIM_MS);
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
