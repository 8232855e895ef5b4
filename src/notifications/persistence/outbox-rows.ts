import { AT_ONCE } from '../../event-store';
import { HOUR } from '../../kernel/clocks';
import { type NewPosting, NO_WAY, type Posting } from '../domain/posting';
import { type PostingOutcome } from '../domain/ports';

/** Machine milliseconds that a posting is kept. */
export const LIFE = 30 * 24 * HOUR;

/** A row of the outbox; `createdAt` is machine time. */
export interface PostingRow extends Posting {
  readonly createdAt: Date;
}

/** What goes to the log only has arrived with it; what has no way to anybody has failed. */
export function freshPosting(given: NewPosting, createdAt: Date): PostingRow {
  const { channel, toldAt } = given;
  return {
    ...given,
    createdAt,
    state: channel === 'log' ? 'delivered' : channel === 'none' ? 'failed' : 'pending',
    deliveredAt: channel === 'log' ? toldAt : null,
    dueAt: AT_ONCE,
    attempts: 0,
    lastError: channel === 'none' ? NO_WAY : null,
    endedBy: null,
    owner: null,
    fence: 0,
  };
}

/** What a try changes, but for the time of the next one, which the store's clock decides. */
export function afterTry({ attempts }: Pick<Posting, 'attempts'>, outcome: PostingOutcome) {
  const { state } = outcome;
  return {
    // to give up is no try
    ...{ state, owner: null, attempts: state === 'failed' ? attempts : attempts + 1 },
    lastError: outcome.state === 'delivered' ? null : outcome.error,
    ...(outcome.state === 'delivered' && { deliveredAt: outcome.at }),
  };
}
