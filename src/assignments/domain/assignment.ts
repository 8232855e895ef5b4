/** Why an assignment ended before its time. */
export const END_CAUSES = [
  'revoked',
  'given-back',
  'request-ended',
  'worker-terminated',
  'worker-released',
] as const;
export type EndCause = (typeof END_CAUSES)[number];

export interface AssignmentEnd {
  readonly at: Date;
  readonly cause: EndCause;
  readonly by: string;
}

/** From when to when something holds; null: without an end. What ends where it begins never holds. */
export interface Span {
  readonly from: Date;
  readonly until: Date | null;
}

/** What is granted: the use of a worker, or of one lab on it, for a time. Times are fleet time. */
export interface GivenAssignment extends Span {
  readonly id: string;
  readonly workerId: string;
  /** null: the worker with all its labs */
  readonly labId: string | null;
  /** who granted it */
  readonly by: string;
  readonly reason: string | null;
  /** the request for a worker that it fulfils; null: somebody granted it by a word of his own */
  readonly requestId: string | null;
  readonly grantedAt: Date;
}

export interface Assignment extends GivenAssignment {
  /** null: nobody ended it before its time */
  readonly ended: AssignmentEnd | null;
}

/** What is left of its time when an early end is taken into account. */
export function spanOf({ from, until, ended }: Assignment): Span {
  if (!ended) return { from, until };
  return { from, until: until && until < ended.at ? until : ended.at };
}

export function isOver({ from, until }: Span, now: Date): boolean {
  return until !== null && (until <= now || until <= from);
}

export function holdsAt(span: Span, now: Date): boolean {
  return span.from <= now && !isOver(span, now);
}

export function overlap(a: Span, b: Span): boolean {
  if (isEmpty(a) || isEmpty(b)) return false;
  return (b.until === null || a.from < b.until) && (a.until === null || b.from < a.until);
}

/** How many of the spans hold at the same moment, at most, within another one. */
export function mostAtOnce(spans: readonly Span[], within: Span): number {
  const relevant = spans.filter((span) => overlap(span, within));
  // the count grows only where one begins
  const moments = [within.from, ...relevant.map(({ from }) => from).filter((from) => from > within.from)];
  return Math.max(...moments.map((at) => relevant.filter((span) => holdsAt(span, at)).length));
}

/** Whether both would give the same, or one a part of the other. */
export function samePlace(
  a: Pick<GivenAssignment, 'workerId' | 'labId'>,
  b: Pick<GivenAssignment, 'workerId' | 'labId'>,
): boolean {
  return a.workerId === b.workerId && (a.labId === null || b.labId === null || a.labId === b.labId);
}

function isEmpty({ from, until }: Span): boolean {
  return until !== null && until <= from;
}
