import { indexAfter } from './index-after';
import { type OpenTime } from './occurrences';

/** A time without a break; milliseconds of the epoch, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A time in which the same window is named. */
export interface Piece extends Span {
  readonly name: string;
  /** when no window is open any more */
  readonly until: number;
}

/**
 * The times in which windows are open, cut so that each has one name: that of the window which ends last, of those that
 * end together the one that began first. In order, and nothing twice.
 */
export function piecesOf(windows: readonly OpenTime[]): Piece[] {
  const cuts = [...new Set(windows.flatMap(({ at, end }) => [at, end]))].sort((a, b) => a - b);
  const pieces: (Span & { readonly name: string })[] = [];
  // of all that have begun, the one that ends last: while any is open, it is
  let last: OpenTime | null = null;
  let next = 0;
  for (const [index, from] of cuts.entries()) {
    for (; next < windows.length && windows[next]!.at <= from; next += 1) {
      const begun = windows[next]!;
      if (!last || begun.end > last.end) last = begun;
    }
    const to = cuts[index + 1];
    if (last && last.end > from && to !== undefined) pieces.push({ from, to, name: last.name });
  }
  return withEnds(pieces);
}

function withEnds(pieces: readonly (Span & { readonly name: string })[]): Piece[] {
  let until = NaN;
  let nextFrom = NaN;
  return pieces
    .map((piece) => ({ ...piece, until: 0 }))
    .reverse()
    .map((piece) => {
      if (piece.to !== nextFrom) until = piece.to;
      nextFrom = piece.from;
      return { ...piece, until };
    })
    .reverse();
}

/** What lies in any of them; in order, and none touches the next. */
export function unionOf(spans: readonly Span[]): Span[] {
  const union: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else union.push({ from, to });
  }
  return union;
}

/** What of the whole lies in none of them; they are in order, and nothing twice. */
export function gapsOf(spans: readonly Span[], whole: Span): Span[] {
  const bounds = [whole.from, ...spans.flatMap(({ from, to }) => [from, to]), whole.to];
  const gaps: Span[] = [];
  for (let index = 0; index < bounds.length; index += 2) {
    const [from, to] = [bounds[index]!, bounds[index + 1]!];
    if (from < to) gaps.push({ from, to });
  }
  return gaps;
}

/** The one that a time lies in. */
export function spanAt<T extends Span>(spans: readonly T[], time: number): T | null {
  const span = spans[indexAfter(spans, time, ({ from }) => from) - 1];
  return span && time < span.to ? span : null;
}
