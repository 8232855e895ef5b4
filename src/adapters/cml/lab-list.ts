import pLimit from 'p-limit';
import { type Lab } from '../../labs';
import { bodyOf, type CmlAnswer } from './cml-request';
import { type CmlSession } from './cml-session';
import { labIds, labIn } from './labs-reading';

/** CML has no call for all labs at once. Of a few, more at a time would open connections for nothing else. */
const LABS_AT_ONCE = 2;
/** A live probe holds for 10 s, in which 180 labs and more must be read though each takes 100 ms. */
const MOST_AT_ONCE = 5;
/** So many labs are worth a connection. */
const LABS_PER_CONNECTION = 10;

/** The labs of all users: without `show_all` CML shows even an administrator the own ones only. */
export async function allLabs(session: CmlSession, signal: AbortSignal): Promise<Lab[]> {
  const ids = labIds(bodyOf(await session.get('/labs?show_all=true', signal)));
  const limit = pLimit(labsAtOnce(ids.length));
  const labs = await Promise.all(ids.map((id) => limit(() => labOf(session, id, signal))));
  // null: deleted since it was listed
  return labs.filter((lab) => lab !== null);
}

function labsAtOnce(count: number): number {
  return Math.min(MOST_AT_ONCE, Math.max(LABS_AT_ONCE, Math.floor(count / LABS_PER_CONNECTION)));
}

/** Null where there is no such lab (any more). */
export async function labOf(session: CmlSession, id: string, signal?: AbortSignal): Promise<Lab | null> {
  const answer = await session.get(labPath(id), signal);
  return isMissing(answer) ? null : labIn(id, bodyOf(answer));
}

export function labPath(id: string, below = ''): string {
  return `/labs/${encodeURIComponent(id)}${below}`;
}

/** Only CML's own 404 means that: nginx has one of its own, in HTML, while services start. */
export function isMissing({ status, content }: CmlAnswer): boolean {
  return status === 404 && content === 'json';
}
