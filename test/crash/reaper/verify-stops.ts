import { MINUTE } from '../../../src/kernel/clocks';
import { type ReceivedNotice } from './notice-receiver';
import { type CmlRequest, type StopCall } from './simulator-books';
import { automaticStopAt, type Fence, type ToldEvent } from './worker-story';

/** What is held against each other of the stops. Machine milliseconds. */
export interface StopEvidence {
  readonly stopCalls: readonly StopCall[];
  readonly cmlRequests: readonly CmlRequest[];
  readonly notices: readonly ReceivedNotice[];
  /** by worker id */
  readonly stories: ReadonlyMap<string, readonly ToldEvent[]>;
  readonly control: readonly ToldEvent[];
  readonly workerOf: (instanceId: string) => string | undefined;
  readonly thresholdMinutes: number;
}

export interface StopVerdict {
  readonly faults: readonly string[];
  /** machine milliseconds of the oldest probe that a stop rested on */
  readonly oldestProbeMs: number;
}

/**
 * A stop rests on a probe that is no older than 10 s when the call leaves. Here both are timed on their arrival, in a process
 * that others keep waiting; a process that slept was away for 12 s at least.
 */
const PROBE_HOLDS_MS = 10_000;
const ON_THE_WAY_MS = 1_500;

/** What a reading of a CML server begins with, and what it must hold besides to count as a probe. */
const BEGINS = '/system_information';
const PROBES: readonly RegExp[] = [/^\/system_stats$/, /^\/labs$/, /^\/telemetry\/events$/];

/** Whether each StopInstances was decided, told, probed and taken from the budget before, once, and stopped nobody's work. */
export function verifyStops(evidence: StopEvidence): StopVerdict {
  const decisions = new Map<string, number>();
  const ages: number[] = [];
  const faults = evidence.stopCalls.flatMap((call) => {
    const workerId = evidence.workerOf(call.instanceId) ?? '';
    const story = evidence.stories.get(workerId) ?? [];
    const stop = automaticStopAt(story, call.at);
    if (!stop) return [`${workerId}: stopped at ${time(call.at)}, and nobody had decided it`];
    const { decisionId, index } = stop;
    decisions.set(decisionId, (decisions.get(decisionId) ?? 0) + 1);
    const age = probeAge(call, fenceOf(story, decisionId), evidence);
    ages.push(age ?? 0);
    const about = `${workerId}, decision ${decisionId}, stopped at ${time(call.at)}`;
    return [
      ...probeFaults(age),
      ...noticeFaults(call, workerId, story.slice(0, index), evidence),
      ...useFaults(call, evidence),
      ...takeFaults(call, decisionId, evidence.control),
    ].map((fault) => `${about}: ${fault}`);
  });
  for (const [decisionId, count] of decisions) {
    if (count > 1) faults.push(`decision ${decisionId} stopped ${count} times`);
  }
  return { faults, oldestProbeMs: Math.max(0, ...ages) };
}

/** When sessions were offered no more for this decision; null: they were offered on. */
function fenceOf(story: readonly ToldEvent[], decisionId: string): number | null {
  const raised = story.find(
    ({ type, data }) =>
      type === 'worker.fence-updated' && (data.fence as Fence | null)?.decisionId === decisionId,
  );
  return raised?.at ?? null;
}

/** Of the last reading by the same process between fence and call that asked for everything; null: there is none. */
function probeAge(
  { at, door, instanceId }: StopCall,
  fencedAt: number | null,
  { cmlRequests }: StopEvidence,
): number | null {
  if (fencedAt === null) return null;
  const asked = cmlRequests.filter(
    (request) =>
      request.door === door &&
      request.instanceId === instanceId &&
      request.at >= fencedAt &&
      request.at <= at,
  );
  const begin = asked.findLast(
    ({ path, at: from }) =>
      path === BEGINS &&
      PROBES.every((part) => asked.some((other) => other.at >= from && part.test(other.path))),
  );
  return begin ? at - begin.at : null;
}

function probeFaults(age: number | null): string[] {
  if (age === null) return ['no probe by the process that stopped it after its fence'];
  return age <= PROBE_HOLDS_MS + ON_THE_WAY_MS ? [] : [`its probe was ${age} ms old`];
}

function noticeFaults(
  { at, fleetTime }: StopCall,
  workerId: string,
  before: readonly ToldEvent[],
  { notices }: StopEvidence,
): string[] {
  const planned = before.findLast(({ type }) => type === 'worker.planned-stop-updated')?.data.plannedStop;
  const deadline = (planned as { at: Date } | null | undefined)?.at;
  if (!deadline) return ['it was not announced'];
  const told = notices.some(
    (notice) =>
      notice.topic === 'notice.stop-planned' &&
      notice.workerId === workerId &&
      notice.deadline === deadline.toISOString() &&
      notice.takenAt !== null &&
      notice.takenAt <= at,
  );
  return [
    ...(told ? [] : [`nobody got a notice of its stop at ${deadline.toISOString()} before`]),
    ...(deadline <= fleetTime ? [] : [`it was announced for ${deadline.toISOString()} only`]),
  ];
}

function useFaults({ fleetTime, lastUsedAt }: StopCall, { thresholdMinutes }: StopEvidence): string[] {
  if (!lastUsedAt || fleetTime.getTime() - lastUsedAt.getTime() >= thresholdMinutes * MINUTE) return [];
  return [`it was in use until ${lastUsedAt.toISOString()}, at ${fleetTime.toISOString()} it was stopped`];
}

function takeFaults({ at }: StopCall, decisionId: string, control: readonly ToldEvent[]): string[] {
  const of = (type: string) =>
    control.find((event) => event.type === type && event.data.decisionId === decisionId);
  const taken = of('reaper.stop-taken');
  return [
    ...(taken && taken.at <= at ? [] : ['no budget was taken for it']),
    ...(of('reaper.stop-returned') ? ['its budget was given back'] : []),
  ];
}

export function time(machineMs: number): string {
  return new Date(machineMs).toISOString();
}
