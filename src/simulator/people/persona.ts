import { MINUTE, plus } from '../../kernel/clocks';
import { type CmlFault } from '../cml/cml-fault';

/** One visit of a person to a CML server; times in fleet minutes. */
interface Session {
  readonly user: string;
  /** from the moment when CML is ready, or the persona was cast if that is later */
  readonly afterReadyMinutes: number;
  /** until the labs are stopped; Infinity: they are left running, and there is no second visit */
  readonly lengthMinutes: number;
  /** titles of the labs that run meanwhile */
  readonly labs: readonly string[];
  /** distance of two signs of life while the labs run; null: the person looks away */
  readonly workEveryMinutes: number | null;
  /** from start to start; left out: one visit only */
  readonly repeatEveryMinutes?: number;
}

/** Who uses a server, and what goes wrong with it. The script begins anew at every boot of the server. */
export interface Persona {
  readonly name: string;
  readonly sessions: readonly Session[];
  readonly trouble?: { readonly fault: CmlFault; readonly afterReadyMinutes: number };
}

/** Something that happens on a CML server at a time. */
export type Act = { readonly at: Date } & (
  | { readonly kind: 'log-in'; readonly user: string }
  | { readonly kind: 'start-lab' | 'work' | 'stop-lab'; readonly user: string; readonly lab: string }
  | { readonly kind: 'break'; readonly fault: CmlFault }
  | { readonly kind: 'report'; readonly category: string }
);

/** A stretch of time: later than `after`, not later than `until`. */
export interface Span {
  readonly after: Date;
  readonly until: Date;
}

export function byTime(a: Act, b: Act): number {
  return a.at.getTime() - b.at.getTime();
}

/** From the login to the first lab. */
const SETTLING_IN = MINUTE;

/** What a persona does within a span, in the order of time; `begin` is where its script starts. */
export function actsOf(persona: Persona, begin: Date, span: Span): Act[] {
  const acts = persona.sessions.flatMap((session) => actsOfVisits(session, begin, span));
  const { trouble } = persona;
  if (trouble) {
    acts.push({ at: plus(begin, trouble.afterReadyMinutes * MINUTE), kind: 'break', fault: trouble.fault });
  }
  return acts.filter((act) => act.at > span.after && act.at <= span.until).sort(byTime);
}

function actsOfVisits(session: Session, begin: Date, span: Span): Act[] {
  const first = begin.getTime() + session.afterReadyMinutes * MINUTE;
  const length = session.lengthMinutes * MINUTE;
  const every = (session.repeatEveryMinutes ?? 0) * MINUTE;
  if (every === 0) return actsOfVisit(session, first, first + length, span);
  // Visits that were over before the span need not be looked at again.
  const over = Math.max(0, Math.floor((span.after.getTime() - first - length) / every));
  const acts: Act[] = [];
  for (let start = first + over * every; start <= span.until.getTime(); start += every) {
    acts.push(...actsOfVisit(session, start, start + length, span));
  }
  return acts;
}

function actsOfVisit(
  { user, labs, workEveryMinutes }: Session,
  start: number,
  end: number,
  span: Span,
): Act[] {
  const begun = start + SETTLING_IN;
  const acts: Act[] = [{ at: new Date(start), kind: 'log-in', user }];
  for (const lab of labs) {
    acts.push({ at: new Date(begun), kind: 'start-lab', user, lab });
    for (const at of ticks(begun, workEveryMinutes, Math.min(end, span.until.getTime() + 1), span)) {
      acts.push({ at, kind: 'work', user, lab });
    }
    if (Number.isFinite(end)) acts.push({ at: new Date(end), kind: 'stop-lab', user, lab });
  }
  return acts;
}

/** Regular moments after `from` and before `end`, without those before the span. */
function ticks(from: number, everyMinutes: number | null, end: number, span: Span): Date[] {
  if (everyMinutes === null) return [];
  const step = everyMinutes * MINUTE;
  const skipped = Math.max(0, Math.floor((span.after.getTime() - from) / step));
  const moments: Date[] = [];
  for (let at = from + (skipped + 1) * step; at < end; at += step) moments.push(new Date(at));
  return moments;
}
