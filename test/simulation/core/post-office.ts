import { type CommandContext } from '../../../src/kernel/command-context';
import { type StopNotice, type StopNotices } from '../../../src/notifications';
import { OutboxStopNotices } from '../../../src/notifications/application/outbox-stop-notices';
import { PostingAttempt } from '../../../src/notifications/application/posting-attempt';
import { type NoticeBook } from '../../../src/notifications/domain/notice-book';
import { NoticeBooks, NoticeLinker } from '../../../src/notifications/domain/ports';
import { type ChannelName } from '../../../src/notifications/domain/posting';
import { MemoryOutbox } from '../../../src/notifications/persistence/memory-outbox';
import { MINUTE } from '../../../src/kernel/clocks';
import { type Channel } from '../truth/channel';
import { type Dice } from '../world/dice';
import { type SimTime } from '../world/sim-time';

const NAMES: readonly ChannelName[] = ['webhook', 'slack', 'email'];
const CLAIM_MS = MINUTE;

/** Histories are told of elsewhere. */
class NoBooks extends NoticeBooks {
  write(_id: string, _context: CommandContext, _decide: (book: NoticeBook) => void): Promise<void> {
    return Promise.resolve();
  }
}

class NoLinks extends NoticeLinker {
  urlsOf(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** The real notices, overheard when announcements end. */
class OverheardNotices extends OutboxStopNotices {
  private readonly deadlines = new Map<string, number>();

  constructor(
    private readonly ended: (workerId: string) => void,
    ...given: ConstructorParameters<typeof OutboxStopNotices>
  ) {
    super(...given);
  }

  override tell(notice: StopNotice): Promise<void> {
    const { workerId, deadline } = notice;
    const known = this.deadlines.get(workerId);
    if (known !== undefined && known !== deadline.getTime()) this.ended(workerId);
    this.deadlines.set(workerId, deadline.getTime());
    return super.tell(notice);
  }

  override callOff(workerId: string, why: string, decisionId: string): Promise<void> {
    this.ended(workerId);
    return super.callOff(workerId, why, decisionId);
  }
}

/** The real outbox of notices and its tries, over simulated channels; it sends what is due when it is due. */
export class PostOffice {
  readonly notices: StopNotices;
  private readonly outbox: MemoryOutbox;
  private readonly attempt: PostingAttempt;
  private claims = 0;

  constructor(
    private readonly time: SimTime,
    channels: readonly Channel[],
    dice: Dice,
    report: (error: unknown, during: string) => void,
    private readonly heard: {
      tried(workerId: string, delivered: boolean): void;
      ended(workerId: string): void;
    },
  ) {
    const clock = time.fleet;
    const books = new NoBooks();
    this.outbox = new MemoryOutbox(time.machine);
    const routing = { channels: channels.map(({ name }) => name), emails: [] };
    const nudge = () => time.after(dice.whole(0, 1_000), () => this.sendDue());
    const services = { outbox: this.outbox, books, clock, routing, nudge };
    this.notices = new OverheardNotices((workerId) => this.heard.ended(workerId), services);
    this.attempt = new PostingAttempt({
      ...{ outbox: this.outbox, books, channels, linker: new NoLinks(), clock, report },
      installation: { id: () => Promise.resolve('here') },
      random: () => 0,
      onTry: (_channel, outcome, { workerId, topic }) => {
        if (topic === 'stop-planned' && workerId) this.heard.tried(workerId, outcome === 'delivered');
      },
    });
  }

  private async sendDue(): Promise<void> {
    this.claims += 1;
    const posting = await this.outbox.claimDue(NAMES, `sender#${this.claims}`, CLAIM_MS);
    if (!posting) return;
    // side by side, as the sender does
    this.time.after(0, () => this.sendDue());
    await this.attempt.run(posting, NEVER.signal);
    const [after] = (await this.outbox.ofNotice(posting.noticeId)).filter(({ id }) => id === posting.id);
    if (after?.state !== 'pending') return;
    this.time.after(after.dueAt.getTime() - this.time.machine.now().getTime(), () => this.sendDue());
  }
}

const NEVER = new AbortController();
