import { Agent, type Dispatcher } from 'undici';
import { type MachineClock, SECOND } from '../../kernel/clocks';
import { guardedConnector, type Resolve } from '../../outbound';
import { type OutgoingDelivery, type PostResult, WebhookPoster } from '../domain/ports';
import { failureOf } from './post-failure';
import { retryAfter } from './retry-after';
import { type TargetNetworks } from './target-networks';

/** Machine milliseconds up to the end of the handshake. */
const CONNECT_MS = 5 * SECOND;
/** Machine milliseconds for all of it. */
export const POST_MS = 15 * SECOND;
/** Bytes of an answer that are read, and thrown away, so that the receiver can end in peace. */
const READ_AT_MOST = 64 * 1024;

export interface PosterOptions {
  readonly networks: TargetNetworks;
  readonly clock: MachineClock;
  readonly resolve?: Resolve;
  /** trusted instead of the public authorities */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

/**
 * POSTs over connections of their own: each is made to an address that was checked for it, no proxy is asked, and no
 * redirect is followed.
 */
export class UndiciPoster extends WebhookPoster {
  private readonly agent: Agent;

  constructor(private readonly options: PosterOptions) {
    super();
    const { networks: policy, resolve, ca } = options;
    const connect = guardedConnector({ policy, resolve, ca, timeoutMs: CONNECT_MS });
    this.agent = new Agent({ connect, pipelining: 0 });
  }

  async post(delivery: OutgoingDelivery, signal: AbortSignal): Promise<PostResult> {
    const { clock, timeoutMs = POST_MS } = this.options;
    const begun = clock.now().getTime();
    const timeout = AbortSignal.timeout(timeoutMs);
    const result = await this.send(delivery, AbortSignal.any([signal, timeout])).catch((error: unknown) => {
      signal.throwIfAborted();
      const failure = timeout.aborted
        ? `no answer within ${Math.ceil(timeoutMs / SECOND)} s`
        : failureOf(error);
      return { status: null, error: failure, retryAfterMs: null };
    });
    return { ...result, durationMs: clock.now().getTime() - begun };
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async send({ url, headers, body }: OutgoingDelivery, signal: AbortSignal) {
    const { origin, pathname, search } = new URL(url);
    const answer = await this.agent.request({
      origin,
      path: `${pathname}${search}`,
      method: 'POST',
      headers: { ...headers, 'user-agent': 'cml-fleet' },
      body,
      signal,
    });
    await answer.body.dump({ limit: READ_AT_MOST });
    return this.resultOf(answer);
  }

  private resultOf({ statusCode: status, headers }: Dispatcher.ResponseData) {
    const isSlowDown = status === 429 || status === 503;
    return {
      status,
      error: errorOf(status),
      retryAfterMs: isSlowDown ? retryAfter(headers['retry-after'], this.options.clock.now()) : null,
    };
  }
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  const why = status >= 300 && status < 400 ? ': redirects are not followed' : '';
  return `answered ${status}${why}`;
}
