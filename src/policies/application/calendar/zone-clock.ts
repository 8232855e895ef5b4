import { Temporal } from 'temporal-polyfill';

/** A time in which the clocks of a zone differ from UTC by the same amount. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offsetMs: number;
}

/**
 * The clocks of a time zone between two instants. Temporal tells when they are changed, which is slow; what follows from
 * that is arithmetic. Instants are milliseconds of the epoch, local times are milliseconds as if the zone were UTC.
 */
export class ZoneClock {
  private constructor(private readonly stretches: readonly Stretch[]) {}

  /** @throws RangeError for a zone that nobody knows */
  static between(timeZone: string, from: number, to: number): ZoneClock {
    const stretches: Stretch[] = [];
    let since = -Infinity;
    let clock = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
    for (;;) {
      const next = clock.getTimeZoneTransition('next');
      const until = next && next.epochMilliseconds < to ? next.epochMilliseconds : Infinity;
      stretches.push({ from: since, to: until, offsetMs: clock.offsetNanoseconds / 1e6 });
      if (!next || until === Infinity) return new ZoneClock(stretches);
      since = until;
      clock = next;
    }
  }

  /**
   * When the clocks show a local time: for the first time where they show it twice, and the first instant after where
   * they are set forward over it.
   */
  instantOf(local: number): number {
    for (const { from, to, offsetMs } of this.stretches) {
      const instant = local - offsetMs;
      // before its beginning: the stretch before it was over, so this is the hour that was left out
      if (instant < to) return Math.max(instant, from);
    }
    throw new RangeError('the last stretch has no end');
  }
}
