import { type ReceivedNotice } from './notice-receiver';

/**
 * Whether people got one notice per worker, deadline and stage, however often and whoever sent it. Another one is right
 * only where they were told in between that the same stop was called off.
 */
export function verifyNotices(notices: readonly ReceivedNotice[]): string[] {
  const planned = notices.filter(({ topic }) => topic === 'notice.stop-planned');
  const stages = new Map<string, ReceivedNotice[]>();
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

/** What was told to somebody who took it already, once more. */
export function repeatsIn(notices: readonly ReceivedNotice[]): number {
  return notices.length - new Set(notices.map(({ id }) => id)).size;
}
