import { type Stored } from './stored';

/** An event at its place in the log, as receivers must get it. */
export interface LoggedEvent {
  readonly position: number;
  /** `id` of a server-sent event */
  readonly place: string;
  readonly id: string;
  readonly type: string;
}

/** All events in the order of the log. @param types which ones; empty: all */
export function loggedEvents({ commits, log }: Stored, types: readonly string[] = []): LoggedEvent[] {
  const byId = new Map(commits.map((commit) => [commit._id, commit]));
  return log.flatMap(({ _id: position, commit }) =>
    (byId.get(commit)?.events ?? [])
      .map(({ id, type }, index) => ({ position, place: `${position}.${index}`, id, type }))
      .filter(({ type }) => types.length === 0 || types.includes(type)),
  );
}
