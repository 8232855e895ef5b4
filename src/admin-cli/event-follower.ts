import { CliError, EXIT } from './cli-error';
import { type Query } from './fleet-api';
import { ApiProblem } from './problem';
import { type Session } from './session';
import { type SseMessage, SseParser } from './sse-parser';

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/**
 * Events as they happen, for as long as it is asked for more. Where the connection breaks or the server is away it goes
 * on from the last place it was told of, without a gap and without a repetition; what the server refuses for good ends it.
 */
export class EventFollower {
  private place: string | null;

  constructor(
    private readonly session: Session,
    private readonly path: string,
    private readonly query: Query,
    after: string | null,
  ) {
    this.place = after;
  }

  /** Where to go on: the place of the last event that was handed out, or looked at; null before the first answer. */
  get lastPlace(): string | null {
    return this.place;
  }

  async *events(): AsyncGenerator<SseMessage> {
    let failures = 0;
    for (;;) {
      try {
        const answer = await this.session.api.stream(this.path, this.query, this.place);
        for await (const message of this.messagesOf(answer)) {
          failures = 0;
          yield message;
        }
        // a server that ends streams at once, as it shuts down, is left a moment, too
        await this.session.pause(FIRST_PAUSE);
      } catch (error) {
        const ms = this.pauseAfter(error, (failures += 1));
        this.session.io.err(`${(error as Error).message} Going on in ${Math.ceil(ms / 1000)} s.`);
        await this.session.pause(ms);
      }
    }
  }

  private async *messagesOf(answer: Response): AsyncGenerator<SseMessage> {
    // what a cut left half-said is not said
    const parser = new SseParser();
    const text = new TextDecoder();
    try {
      for await (const bytes of answer.body ?? []) {
        for (const message of parser.feed(text.decode(bytes as Uint8Array, { stream: true }))) {
          this.place = message.id || this.place;
          yield message;
        }
        this.place = parser.lastEventId ?? this.place;
      }
    } catch (error) {
      if (error instanceof CliError) throw error;
      const [why, status] = this.session.io.signal.aborted
        ? (['interrupted', EXIT.interrupted] as const)
        : (['The connection broke.', EXIT.unavailable] as const);
      throw new CliError(why, status, { cause: error });
    }
  }

  /** @throws the error, where asking again would not help */
  private pauseAfter(error: unknown, failures: number): number {
    if (!(error instanceof CliError) || error.status !== EXIT.unavailable) throw error;
    const asked = error instanceof ApiProblem && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
    return Math.max(asked, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)));
  }
}
