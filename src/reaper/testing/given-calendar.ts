import { type Calendar, type CalendarHold, type CalendarMoment } from '../domain/policy/calendar';

interface GivenHold extends CalendarHold {
  readonly from: Date;
}

interface GivenTimes {
  /** no stops inside; in order, without overlaps */
  readonly holds?: readonly GivenHold[];
  readonly quiet?: readonly { readonly name: string; readonly from: Date; readonly until: Date }[];
  /** each holds until its `until` */
  readonly stops?: readonly (CalendarMoment & { readonly until: Date })[];
  readonly starts?: readonly CalendarMoment[];
}

/** A calendar of given instants. */
export function aCalendar({ holds = [], quiet = [], stops = [], starts = [] }: GivenTimes): Calendar {
  const inside = <T extends { from: Date; until: Date | null }>(windows: readonly T[], time: Date) =>
    windows.find(({ from, until }) => from <= time && (until === null || time < until)) ?? null;
  const edges = [
    ...[...holds, ...quiet].flatMap(({ from, until }) => (until ? [from, until] : [from])),
    ...stops.flatMap(({ at, until }) => [at, until]),
  ];
  return {
    holdAt: (time) => inside(holds, time),
    quietAt: (time) => inside(quiet, time),
    nextAllowed: (from) => {
      let time: Date | null = from;
      for (let hold = inside(holds, from); hold && time; hold = time && inside(holds, time))
        time = hold.until;
      return time;
    },
    scheduledStopAt: (time) => stops.findLast(({ at, until }) => at <= time && time < until) ?? null,
    nextScheduledStop: (after) => stops.find(({ at }) => at > after) ?? null,
    startsBetween: (after, until) => starts.filter(({ at }) => at > after && at <= until),
    nextChange: (after) =>
      edges.filter((edge) => edge > after).sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
  };
}
