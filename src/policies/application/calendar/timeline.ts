import { type CalendarRules } from '../../../reaper';
import { DAY_MS } from './local-time';
import { type Occurrence, Occurrences } from './occurrences';
import { gapsOf, type Piece, piecesOf, type Span, unionOf } from './spans';
import { ZoneClock } from './zone-clock';

/** How far ahead a calendar is asked. */
export const HORIZON_MS = 400 * DAY_MS;
/** Longer than a window may last, and zones are away from UTC. */
const MARGIN_DAYS = 9;
/** A scheduled stop does not hold for longer. */
const STOP_HOLDS_MS = DAY_MS;

export interface ScheduledStop extends Occurrence {
  readonly until: number;
}

/** What a calendar's rules come to for all questions about the times of a span; in milliseconds of the epoch. */
export interface Timeline {
  readonly never: readonly Piece[];
  readonly quiet: readonly Piece[];
  readonly maintenance: readonly Piece[];
  /** nothing may be stopped in any of them */
  readonly held: readonly Span[];
  readonly starts: readonly Occurrence[];
  readonly stops: readonly ScheduledStop[];
  /** when anything of the above begins or ends */
  readonly changes: readonly number[];
}

export function timelineOf(rules: CalendarRules, asked: Span): Timeline {
  const first = Math.floor(asked.from / DAY_MS) - MARGIN_DAYS;
  const last = Math.ceil((asked.to + HORIZON_MS) / DAY_MS) + MARGIN_DAYS;
  const whole = { from: first * DAY_MS, to: last * DAY_MS };
  const clock = ZoneClock.between(rules.timeZone, whole.from - DAY_MS, whole.to + DAY_MS);
  const occurrences = new Occurrences(rules, clock, { first, last });
  const piecesFor = (windows: CalendarRules['never']) => piecesOf(occurrences.ofWindows(windows));
  const never = piecesFor(rules.never);
  const quiet = piecesFor(rules.quiet);
  const maintenance = piecesFor(rules.maintenance?.windows ?? []);
  const only = rules.maintenance?.stops === 'only-inside';
  const held = unionOf([...never, ...(only ? gapsOf(maintenance, whole) : maintenance)]);
  const starts = occurrences.ofTimes(rules.starts);
  const stops = holding(occurrences.ofTimes(rules.stops), starts);
  const bounds = [
    ...[...never, ...quiet, ...maintenance].flatMap(({ from, to }) => [from, to]),
    ...starts.map(({ at }) => at),
    ...stops.flatMap(({ at, until }) => [at, until]),
  ];
  const changes = [...new Set(bounds)].sort((a, b) => a - b);
  return { never, quiet, maintenance, held, starts, stops, changes };
}

/** Each until the next start: one that a start comes together with does not hold at all. */
function holding(stops: readonly Occurrence[], starts: readonly Occurrence[]): ScheduledStop[] {
  let next = 0;
  return stops
    .map((stop) => {
      while (next < starts.length && starts[next]!.at < stop.at) next += 1;
      return { ...stop, until: Math.min(starts[next]?.at ?? Infinity, stop.at + STOP_HOLDS_MS) };
    })
    .filter(({ at, until }) => at < until);
}
