import { type Writable } from 'node:stream';
import { SECOND } from '../../kernel/clocks';
import { type Timers } from '../../kernel/timers';

/** Machine milliseconds that a client has to take what was sent. */
export const DRAIN_WITHIN = 30 * SECOND;
/** Machine milliseconds that what was sent has to leave once the stream is over. */
export const LINGER = SECOND;

/** Who or what ended a stream. `failed`: what comes next in the log cannot be read. */
export type StreamEnd = 'client' | 'slow-client' | 'key' | 'shutdown' | 'failed';

/** Where the events of one client go. Nothing is kept here: what the socket does not take, its writer waits for. */
export class Outlet {
  /** called once, when the stream is over */
  onEnd: () => void = () => {};
  /** resolves when the connection is gone; never rejects */
  readonly closed: Promise<void>;
  private end: StreamEnd | null = null;
  /** ends the wait for the socket; null while nobody waits */
  private resume: (() => void) | null = null;

  constructor(
    private readonly sink: Writable,
    private readonly timers: Timers,
  ) {
    this.closed = new Promise((resolve) => {
      const gone = () => {
        this.over('client');
        resolve();
      };
      if (sink.destroyed) gone();
      // an error is a client that is gone, and its close follows
      sink.once('close', gone).on('error', () => this.over('client'));
    });
  }

  get endedBy(): StreamEnd | null {
    return this.end;
  }

  /** Resolves when there is room for more: true, or false if the stream is over. One call at a time. */
  async write(text: string): Promise<boolean> {
    if (this.end !== null) return false;
    if (!this.sink.write(text)) await this.drained();
    return this.end === null;
  }

  /** Sends it if the client takes what it is sent, and forgets it otherwise. */
  offer(text: string): void {
    if (this.end === null && !this.sink.writableNeedDrain) this.sink.write(text);
  }

  /** No more is sent. What is on its way has a second to leave. */
  finish(by: StreamEnd): void {
    if (!this.over(by)) return;
    const cancel = this.timers.after(LINGER, () => this.sink.destroy());
    void this.closed.then(cancel);
    this.sink.end();
  }

  private async drained(): Promise<void> {
    const cancel = this.timers.after(DRAIN_WITHIN, () => {
      this.over('slow-client');
      this.sink.destroy();
    });
    await new Promise<void>((resolve) => {
      this.resume = resolve;
      this.sink.once('drain', resolve);
    });
    this.resume = null;
    cancel();
  }

  /** False if it was over already. */
  private over(by: StreamEnd): boolean {
    if (this.end !== null) return false;
    this.end = by;
    this.resume?.();
    this.onEnd();
    return true;
  }
}
