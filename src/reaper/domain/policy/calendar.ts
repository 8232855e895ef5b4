/** What forbids automatic stops at a time. */
export interface CalendarHold {
  readonly kind: 'never' | 'maintenance' | 'outside-maintenance';
  /** of the window; of the next one where none is open and only inside is stopped */
  readonly name: string;
  /** when it ends; null: not within the next 400 days */
  readonly until: Date | null;
}

export interface CalendarMoment {
  readonly name: string;
  readonly at: Date;
}

/** The calendar of a policy, asked about instants. Pure: the same rules give the same answers. */
export interface Calendar {
  /** null: an automatic stop is allowed then */
  holdAt(time: Date): CalendarHold | null;
  /** the time in which nobody is told anything; null: people may be told */
  quietAt(time: Date): { readonly name: string; readonly until: Date | null } | null;
  /** first time from there on at which a stop is allowed; null: none within 400 days */
  nextAllowed(from: Date): Date | null;
  /** the latest scheduled stop, while it holds: until the next scheduled start, and for 24 hours at most */
  scheduledStopAt(time: Date): (CalendarMoment & { readonly until: Date }) | null;
  /** null: none within 400 days */
  nextScheduledStop(after: Date): CalendarMoment | null;
  /** scheduled starts after the one time, up to and including the other, in order */
  startsBetween(after: Date, until: Date): readonly CalendarMoment[];
  /** when one of the answers above may next be another; null: not within 400 days */
  nextChange(after: Date): Date | null;
}

/** Without any rule. */
export const OPEN_CALENDAR: Calendar = {
  holdAt: () => null,
  quietAt: () => null,
  nextAllowed: (from) => from,
  scheduledStopAt: () => null,
  nextScheduledStop: () => null,
  startsBetween: () => [],
  nextChange: () => null,
};
