import { setTimeout as pause } from 'node:timers/promises';
import {
  answer,
  eventIn,
  type Received,
  type Receiver,
  startReceiver,
} from '../../../src/webhooks/testing/receiver';
import { type Random } from '../random';

/** A notice as people's program got it. */
export interface ReceivedNotice {
  readonly id: string;
  readonly topic: string;
  readonly workerId: string;
  /** fleet time, ISO 8601; null: it is about no stop */
  readonly deadline: string | null;
  readonly stageMinutes: number | null;
  /** machine milliseconds at which it was taken with 204; null: it was refused */
  readonly takenAt: number | null;
}

/** Milliseconds that an answer takes at most, so that processes die before they hear it. */
const SLOW_MS = 150;
/** One in so many is refused, and has to come again. */
const REFUSED = 8;

/** The one channel of the fleet's notices: a program that is slow, refuses some, and never dies. */
export class NoticeReceiver {
  readonly notices: ReceivedNotice[] = [];
  /** told of each that it took */
  onTaken: (notice: ReceivedNotice) => void = () => undefined;

  private constructor(
    private readonly receiver: Receiver,
    private readonly random: Random,
  ) {
    receiver.respond = (received, response) => {
      const refused = this.random.int(1, REFUSED) === 1;
      void pause(this.random.int(0, SLOW_MS)).then(() => {
        this.note(received, refused ? null : Date.now());
        answer(refused ? 503 : 204)(received, response);
      });
    };
  }

  static async start(random: Random): Promise<NoticeReceiver> {
    return new NoticeReceiver(await startReceiver(), random);
  }

  get url(): string {
    return this.receiver.url;
  }

  close(): Promise<void> {
    return this.receiver.close();
  }

  private note(received: Received, takenAt: number | null): void {
    const { type, data } = eventIn(received) as { type: string; data: NoticeData };
    const { workerId, deadline, stageMinutes } = data;
    const id = String(received.headers['webhook-id']);
    const notice = { id, topic: type, workerId, deadline, stageMinutes, takenAt };
    this.notices.push(notice);
    if (takenAt !== null) this.onTaken(notice);
  }
}

type NoticeData = Pick<ReceivedNotice, 'workerId' | 'deadline' | 'stageMinutes'>;
