import { Injectable } from '@nestjs/common';
import { MachineClock, SECOND } from '../../kernel/clocks';
import { TooManyRefreshes } from '../domain/telemetry-errors';

/** Machine time between two refreshes of one worker. */
const PAUSE_MS = 10 * SECOND;

/** One refresh per worker in ten seconds, whoever asks; each process counts for itself. */
@Injectable()
export class RefreshThrottle {
  private readonly freeAt = new Map<string, number>();

  constructor(private readonly clock: MachineClock) {}

  /** @throws TooManyRefreshes */
  take(workerId: string): void {
    const now = this.clock.now().getTime();
    for (const [id, free] of this.freeAt) if (free <= now) this.freeAt.delete(id);
    const free = this.freeAt.get(workerId);
    if (free !== undefined) throw new TooManyRefreshes(Math.ceil((free - now) / SECOND));
    this.freeAt.set(workerId, now + PAUSE_MS);
  }
}
