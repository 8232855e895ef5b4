import { type CloudEvent } from 'cloudevents';
import { type CloudEventFilter, passes } from './cloud-event-filter';

/** What was read of a history at once. `P` is a place in it, where reading can go on. */
export interface ScanStep<P> {
  readonly events: readonly { readonly event: CloudEvent<unknown>; readonly place: P }[];
  readonly commits: number;
  /** after everything that was read; null when there is no more */
  readonly next: P | null;
}

export interface EventPage<P> {
  readonly events: readonly CloudEvent<unknown>[];
  /** null when there is no more */
  readonly next: P | null;
}

/** Commits that one request reads at most, roughly. */
export const SCANNED_AT_MOST = 5_000;
const BATCH = 500;

/**
 * The next events that pass the filter, at most `limit`. After so many commits it answers what it has, be it nothing,
 * with the place to go on from: a filter that matches little keeps nobody busy for long.
 */
export async function scanEvents<P>(
  start: P,
  { limit, filter }: { readonly limit: number; readonly filter: CloudEventFilter },
  read: (place: P, commits: number) => Promise<ScanStep<P>>,
): Promise<EventPage<P>> {
  const events: CloudEvent<unknown>[] = [];
  let [place, after, scanned] = [start, start, 0];
  for (;;) {
    const step = await read(place, scanned === 0 ? limit + 1 : BATCH);
    for (const found of step.events) {
      if (!passes(found.event, filter)) continue;
      if (events.length === limit) return { events, next: after };
      events.push(found.event);
      after = found.place;
    }
    scanned += step.commits;
    if (step.next === null) return { events, next: null };
    place = step.next;
    if (events.length === limit || scanned >= SCANNED_AT_MOST) return { events, next: place };
  }
}
