import { NoticeChannel, type OutgoingNotice, type SendResult } from '../../../src/notifications/domain/ports';
import { type ChannelName } from '../../../src/notifications/domain/posting';
import { type Dice } from '../world/dice';
import { type SimTime } from '../world/sim-time';

/** A notice that reached people. Fleet milliseconds. */
export interface Delivery {
  readonly id: string;
  readonly topic: string;
  readonly workerId: string;
  readonly deadline: number;
  readonly stageMinutes: number;
  readonly at: number;
}

/** A way to people: it takes its time, fails, and now and then delivers what it says has failed. */
export class Channel extends NoticeChannel {
  isDown = false;

  constructor(
    readonly name: ChannelName,
    private readonly time: SimTime,
    private readonly dice: Dice,
    private readonly failShare: number,
    private readonly arrived: (delivery: Delivery) => void,
  ) {
    super();
  }

  async send(notice: OutgoingNotice): Promise<SendResult> {
    await this.time.pass(this.dice.whole(20, 1_500));
    if (!this.isDown && !this.dice.chance(this.failShare)) {
      this.arrive(notice);
      return { error: null, retryAfterMs: null };
    }
    if (!this.isDown && this.dice.chance(0.3)) this.arrive(notice);
    return { error: 'no answer', retryAfterMs: null };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private arrive({ noticeId, topic, workerId, deadline, stageMinutes }: OutgoingNotice): void {
    if (!workerId || !deadline) return;
    const about = { id: noticeId, topic, workerId, deadline: deadline.getTime() };
    this.arrived({ ...about, stageMinutes: stageMinutes ?? 0, at: this.time.now });
  }
}
