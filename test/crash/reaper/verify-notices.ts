import { type ReceivedNotice } from './notice-receiver';
import { type ToldEvent } from './worker-story';

/** A notice that was received, or that somebody set about sending. */
type Known = Pick<ReceivedNotice, 'id' | 'topic' | 'workerId' | 'deadline' | 'stageMinutes'>;

/**
 * Whether people got one notice per worker, deadline and stage, however often and whoever sent it. Another one is right
 * only where they were told in between that the same stop was called off.
 */
export function verifyNotices(
  received: readonly ReceivedNotice[],
  /** what each worker's people were to be told, by worker id */
  told: ReadonlyMap<string, readonly ToldEvent[]>,
): string[] {
  const stored = [...told].flatMap(([workerId, events]) => events.filter(isTold).map(knownOf(workerId)));
  const notices: readonly Known[] = [...received, ...stored];
  const planned = notices.filter(({ topic }) => topic === 'notice.stop-planned');
  const stages = new Map<string, Known[]>();
  for (const notice of planned) {
    const key = `${notice.workerId}, ${notice.deadline}, ${notice.stageMinutes} min ahead`;
    stages.set(key, [...(stages.get(key) ?? []), notice]);
  }
  return [...stages].flatMap(([stage, those]) => {
    const ids = new Set(those.map(({ id }) => id));
    const [{ workerId, deadline } = { workerId: '', deadline: null }] = those;
    const callOffs = notices.filter(
      (notice) =>
        notice.topic === 'notice.stop-called-off' &&
        notice.workerId === workerId &&
        notice.deadline === deadline,
    );
    const allowed = 1 + new Set(callOffs.map(({ id }) => id)).size;
    return ids.size > allowed ? [`${stage}: notices with ${ids.size} ids: ${[...ids].join(', ')}`] : [];
  });
}

function isTold({ type }: ToldEvent): boolean {
  return type === 'notice.told';
}

const knownOf =
  (workerId: string) =>
  ({ data }: ToldEvent): Known => {
    const { noticeId: id, topic, deadline, stageMinutes } = data as unknown as StoredNotice;
    const at = deadline?.toISOString() ?? null;
    return { id, topic: `notice.${topic}`, workerId, deadline: at, stageMinutes };
  };

interface StoredNotice extends Pick<Known, 'topic' | 'stageMinutes'> {
  readonly noticeId: string;
  readonly deadline: Date | null;
}

/** What was told to somebody who took it already, once more. */
export function repeatsIn(notices: readonly ReceivedNotice[]): number {
  return notices.length - new Set(notices.map(({ id }) => id)).size;
}
