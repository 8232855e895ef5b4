import { AT_ONCE } from '../../event-store';
import { type MachineClock, plus } from '../../kernel/clocks';
import { type ChannelName, type NewPosting, type Posting } from '../domain/posting';
import { Outbox, type PostingClaim, type PostingOutcome } from '../domain/ports';
import { afterTry, freshPosting, LIFE, type PostingRow } from './outbox-rows';

/** The outbox in the memory of one process. */
export class MemoryOutbox extends Outbox {
  /** in the order of their creation */
  private readonly rows = new Map<string, PostingRow>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  add(postings: readonly NewPosting[]): Promise<void> {
    const now = this.clock.now();
    for (const [id, { createdAt }] of this.rows) {
      if (plus(createdAt, LIFE) > now) break;
      this.rows.delete(id);
    }
    for (const given of postings) {
      if (!this.rows.has(given.id)) this.rows.set(given.id, freshPosting(given, now));
    }
    return Promise.resolve();
  }

  ofNotice(noticeId: string): Promise<Posting[]> {
    return Promise.resolve(this.all((row) => row.noticeId === noticeId));
  }

  standing(workerIds: readonly string[]): Promise<Posting[]> {
    const wanted: ReadonlySet<string | null> = new Set(workerIds);
    return Promise.resolve(this.all((row) => isStanding(row) && wanted.has(row.workerId)));
  }

  endedBy(workerId: string, by: readonly string[]): Promise<Posting[]> {
    const isMeant = ({ endedBy }: Posting) => endedBy !== null && by.includes(endedBy);
    return Promise.resolve(this.all((row) => row.workerId === workerId && isMeant(row)));
  }

  end(workerId: string, endedBy: string, keep: Date | null): Promise<void> {
    const ended = this.all(
      (row) => isStanding(row) && row.workerId === workerId && !isSame(row.deadline, keep),
    );
    for (const row of ended) {
      const state = row.state === 'pending' ? 'superseded' : row.state;
      this.rows.set(row.id, { ...row, state, endedBy });
    }
    return Promise.resolve();
  }

  claimDue(
    channels: readonly ChannelName[],
    owner: string,
    lengthMs: number,
    expiredAt?: Date,
  ): Promise<Posting | null> {
    const now = this.clock.now();
    const [row] = this.all(
      ({ state, dueAt, channel, expiresAt }) =>
        state === 'pending' &&
        dueAt <= now &&
        channels.includes(channel) &&
        (expiredAt === undefined || expiresAt <= expiredAt),
    ).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    if (!row) return Promise.resolve(null);
    const taken = { ...row, owner, fence: row.fence + 1, dueAt: plus(now, lengthMs) };
    this.rows.set(row.id, taken);
    return Promise.resolve(taken);
  }

  record(claim: Posting, outcome: PostingOutcome): Promise<boolean> {
    const row = this.claimed(claim);
    if (!row || (outcome.state !== 'delivered' && row.state !== 'pending')) return Promise.resolve(false);
    const pauseMs = outcome.state === 'pending' ? outcome.pauseMs : 0;
    this.rows.set(row.id, { ...row, ...afterTry(row, outcome), dueAt: plus(this.clock.now(), pauseMs) });
    return Promise.resolve(true);
  }

  release(claim: PostingClaim): Promise<boolean> {
    const row = this.claimed(claim);
    if (row) this.rows.set(row.id, { ...row, owner: null, dueAt: AT_ONCE });
    return Promise.resolve(row !== null);
  }

  private claimed({ id, owner, fence }: PostingClaim): PostingRow | null {
    const row = this.rows.get(id);
    return row && row.owner === owner && row.fence === fence ? row : null;
  }

  private all(fits: (row: PostingRow) => boolean): PostingRow[] {
    return [...this.rows.values()].filter(fits);
  }
}

function isStanding({ topic, endedBy }: Posting): boolean {
  return topic === 'stop-planned' && endedBy === null;
}

function isSame(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
