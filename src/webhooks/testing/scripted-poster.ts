import { type ManualClock } from '../../kernel/clocks';
import { type OutgoingDelivery, type PostResult, WebhookPoster } from '../domain/ports';

type Answer = (delivery: OutgoingDelivery, signal: AbortSignal) => Promise<number> | number;

/** Posts nowhere: keeps what was to be sent, and answers as it is told. */
export class ScriptedPoster extends WebhookPoster {
  readonly posts: (OutgoingDelivery & { readonly at: Date })[] = [];
  /** the status that a post is answered with; 204 at first */
  answer: Answer = () => 204;
  retryAfterMs: number | null = null;

  constructor(private readonly clock: ManualClock) {
    super();
  }

  async post(delivery: OutgoingDelivery, signal: AbortSignal): Promise<PostResult> {
    signal.throwIfAborted();
    this.posts.push({ ...delivery, at: this.clock.now() });
    const status = await this.answer(delivery, signal);
    signal.throwIfAborted();
    const error = status < 300 ? null : `answered ${status}`;
    return { status, error, retryAfterMs: this.retryAfterMs, durationMs: 1 };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
