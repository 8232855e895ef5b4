import { byStream, type StoredCommit } from '../stored';

/** An event of a worker, with when it was committed. */
export interface ToldEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** machine milliseconds */
  readonly at: number;
  readonly actor: string;
}

export interface Desired {
  readonly state: string;
  readonly by: string;
  readonly decisionId: string | null;
}

export interface Fence {
  readonly decisionId: string;
  /** machine time */
  readonly until: Date;
}

/** Everything that happened to each worker, by id, oldest first. */
export function storiesOf(
  commits: readonly StoredCommit[],
  machineMs: (fleetTime: Date) => number,
  kind = 'worker',
): Map<string, ToldEvent[]> {
  const stories = new Map<string, ToldEvent[]>();
  for (const [stream, its] of byStream(commits)) {
    if (!stream.startsWith(`${kind}-`)) continue;
    const events = its.flatMap(({ events, at, meta }) =>
      events.map(({ type, data }) => ({ type, data, at: machineMs(at), actor: meta.actor })),
    );
    stories.set(stream.slice(kind.length + 1), events);
  }
  return stories;
}

/** The stop by itself that was wanted last at that time; null: none, or it was taken back. */
export function automaticStopAt(
  story: readonly ToldEvent[],
  time: number,
): { readonly decisionId: string; readonly index: number } | null {
  const index = story.findLastIndex(
    ({ type, at }) =>
      at <= time && (type === 'worker.desired-state-updated' || type === 'worker.stop-withdrawn'),
  );
  const event = story[index];
  if (event?.type !== 'worker.desired-state-updated') return null;
  const { state, by, decisionId } = event.data.desired as Desired;
  return state === 'STOPPED' && by === 'system:reaper' && decisionId !== null ? { decisionId, index } : null;
}
