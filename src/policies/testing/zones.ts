import { Temporal } from 'temporal-polyfill';

/** Ten years in all zones that this Node knows. */
export const FROM = Date.parse('2020-01-01T00:00:00Z');
export const TO = Date.parse('2030-01-01T00:00:00Z');

export const ZONES: readonly string[] = Intl.supportedValuesOf('timeZone');

interface ClockChange {
  readonly at: number;
  /** milliseconds from UTC */
  readonly before: number;
  readonly after: number;
}

const known = new Map<string, ClockChange[]>();

/** When the clocks of a zone are changed in these years. */
export function changesOf(timeZone: string): readonly ClockChange[] {
  const changes = known.get(timeZone) ?? [...eachChange(timeZone)];
  known.set(timeZone, changes);
  return changes;
}

function* eachChange(timeZone: string): Generator<ClockChange> {
  let clock = Temporal.Instant.fromEpochMilliseconds(FROM).toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = clock.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= TO) return;
    const [before, after] = [clock.offsetNanoseconds / 1e6, next.offsetNanoseconds / 1e6];
    yield { at: next.epochMilliseconds, before, after };
    clock = next;
  }
}

/** One zone of each group whose clocks show the same in all of these years. */
export function differentZones(): string[] {
  const groups = new Map(ZONES.map((zone) => [`${offsetOf(zone)} ${JSON.stringify(changesOf(zone))}`, zone]));
  return [...groups.values()];
}

function offsetOf(timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(FROM).toZonedDateTimeISO(timeZone).offsetNanoseconds;
}

/** What Temporal says about a local time: by its own rules where it exists, and the transition where it does not. */
export function instantByTemporal(timeZone: string, local: number): number {
  const wall = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime();
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const exists = earlier.toPlainDateTime().equals(wall);
  const instant = exists ? earlier : earlier.getTimeZoneTransition('next');
  if (!instant) throw new Error(`no clock of ${timeZone} shows ${wall.toString()}, and none is changed`);
  return instant.epochMilliseconds;
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
