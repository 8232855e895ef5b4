import { type Fence, type ToldEvent } from './worker-story';

export interface FenceVerdict {
  readonly faults: readonly string[];
  /** that were raised */
  readonly raised: number;
  /** of them lifted without a stop */
  readonly lifted: number;
  /** machine milliseconds that one stood at most, or counted at most where it was never lifted */
  readonly longestMs: number;
}

const AT_MOST_MS = 120_000;

/** Whether nobody was locked out of a worker for more than two minutes, whoever died. */
export function verifyFences(stories: ReadonlyMap<string, readonly ToldEvent[]>): FenceVerdict {
  const faults: string[] = [];
  let longestMs = 0;
  let raised = 0;
  let lifted = 0;
  for (const [workerId, story] of stories) {
    for (const [index, { type, data, at }] of story.entries()) {
      const fence = type === 'worker.fence-updated' ? (data.fence as Fence | null) : null;
      if (!fence) continue;
      raised += 1;
      const end = story.slice(index + 1).find(endsFence);
      if (end?.type === 'worker.fence-updated') lifted += 1;
      const stood = Math.min(end?.at ?? Infinity, fence.until.getTime()) - at;
      longestMs = Math.max(longestMs, stood);
      // the store's clock runs a little ahead where commits of a stream come close together
      if (stood <= AT_MOST_MS) continue;
      faults.push(`${workerId}: fenced for ${stood} ms by decision ${fence.decisionId}`);
    }
  }
  return { faults, raised, lifted, longestMs: Math.round(longestMs) };
}

/** Lifted, raised by another decision, or the worker goes down: then nothing is offered anyway. */
function endsFence({ type, data }: ToldEvent): boolean {
  const stops = type === 'worker.status-updated' && data.newStatus !== 'RUNNING';
  return stops || type === 'worker.fence-updated';
}
