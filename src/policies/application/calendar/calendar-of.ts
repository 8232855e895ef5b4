import { InvalidInput } from '../../../kernel/domain-error';
import {
  type Calendar,
  type CalendarHold,
  type CalendarMoment,
  type CalendarRules,
  OPEN_CALENDAR,
} from '../../../reaper';
import { calendarFaults } from './calendar-faults';
import { DAY_MS } from './local-time';
import { type Occurrence } from './occurrences';
import { indexAfter } from './index-after';
import { type Piece, type Span, spanAt } from './spans';
import { HORIZON_MS, type Timeline, timelineOf } from './timeline';

/** Questions come in the order of time: what is worked out for one answers those about the days around it. */
const BLOCK_MS = 256 * DAY_MS;
const BLOCKS_KEPT = 4;

/**
 * The calendar that answers by these rules. A date that a zone leaves out altogether is all missing time: what begins on
 * it begins at the first instant after.
 * @throws InvalidInput naming what is not acceptable, by pointers into the rules
 */
export function calendarOf(rules: CalendarRules): Calendar {
  const faults = calendarFaults(rules);
  if (faults.length > 0) throw new InvalidInput(faults);
  const { never, quiet, maintenance, starts, stops } = rules;
  const isOpen = [never, quiet, maintenance?.windows ?? [], starts, stops].every(
    ({ length }) => length === 0,
  );
  return isOpen ? OPEN_CALENDAR : new RulesCalendar(rules);
}

class RulesCalendar implements Calendar {
  private readonly blocks = new Map<number, Timeline>();
  private readonly only: boolean;

  constructor(private readonly rules: CalendarRules) {
    this.only = rules.maintenance?.stops === 'only-inside';
  }

  holdAt(time: Date): CalendarHold | null {
    const now = time.getTime();
    const { never, maintenance } = this.at(now);
    const closed = spanAt(never, now);
    if (closed) return { kind: 'never', ...named(closed, now) };
    const inside = spanAt(maintenance, now);
    if (!this.only) return inside && { kind: 'maintenance', ...named(inside, now) };
    return inside ? null : this.outside(now, maintenance);
  }

  quietAt(time: Date): { readonly name: string; readonly until: Date | null } | null {
    const now = time.getTime();
    const piece = spanAt(this.at(now).quiet, now);
    return piece && named(piece, now);
  }

  nextAllowed(from: Date): Date | null {
    const now = from.getTime();
    const held = spanAt(this.at(now).held, now);
    return held ? within(held.to, now) : from;
  }

  scheduledStopAt(time: Date): (CalendarMoment & { readonly until: Date }) | null {
    const now = time.getTime();
    const { stops } = this.at(now);
    const latest = stops[indexAfter(stops, now, atOf) - 1];
    if (!latest || now >= latest.until) return null;
    return { ...momentOf(latest), until: new Date(latest.until) };
  }

  nextScheduledStop(after: Date): CalendarMoment | null {
    const now = after.getTime();
    const { stops } = this.at(now);
    const next = stops[indexAfter(stops, now, atOf)];
    return next && within(next.at, now) ? momentOf(next) : null;
  }

  startsBetween(after: Date, until: Date): readonly CalendarMoment[] {
    const found: Occurrence[] = [];
    for (let from = after.getTime(); from < until.getTime(); from += HORIZON_MS) {
      const to = Math.min(from + HORIZON_MS, until.getTime());
      const { starts } = this.at(from);
      found.push(...starts.slice(indexAfter(starts, from, atOf), indexAfter(starts, to, atOf)));
    }
    return found.map(momentOf);
  }

  nextChange(after: Date): Date | null {
    const now = after.getTime();
    const { changes } = this.at(now);
    return within(changes[indexAfter(changes, now, (at) => at)] ?? Infinity, now);
  }

  private outside(now: number, maintenance: readonly Piece[]): CalendarHold {
    const next = maintenance[indexAfter(maintenance, now, fromOf)];
    const until = within(next?.from ?? Infinity, now);
    const any = this.rules.maintenance?.windows[0]?.name ?? '';
    return { kind: 'outside-maintenance', name: until && next ? next.name : any, until };
  }

  private at(now: number): Timeline {
    const block = Math.floor(now / BLOCK_MS);
    const known = this.blocks.get(block);
    if (known) return known;
    const made = timelineOf(this.rules, { from: block * BLOCK_MS, to: (block + 1) * BLOCK_MS });
    const [oldest] = this.blocks.keys();
    if (oldest !== undefined && this.blocks.size === BLOCKS_KEPT) this.blocks.delete(oldest);
    this.blocks.set(block, made);
    return made;
  }
}

const atOf = ({ at }: Occurrence) => at;
const fromOf = ({ from }: Span) => from;
const momentOf = ({ name, at }: Occurrence): CalendarMoment => ({ name, at: new Date(at) });

function named({ name, until }: Piece, now: number) {
  return { name, until: within(until, now) };
}

/** Null for what lies beyond what is known. */
function within(time: number, now: number): Date | null {
  return time - now <= HORIZON_MS ? new Date(time) : null;
}
