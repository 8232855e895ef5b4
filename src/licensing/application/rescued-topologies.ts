import { plus } from '../../kernel/clocks';
import { type KeptTopologies, type TopologyKeeper } from '../../labs';
import { OperationPostponed, type OperationRun } from '../../operations';
import { CmlError } from '../../telemetry';
import { type WorkerRecord } from '../../workers';
import { pauseAfter } from './license-turn';
import { type LicenseServices } from './license-work';

const LISTED_AT_MOST = 100;

/** What became of the topologies before a termination; null is unknown. */
export interface RescuedTopologies {
  readonly message: string;
  readonly topologiesKept: number | null;
  /** for the operation's result */
  readonly result: Rescue;
}

type Rescue = {
  readonly topologiesKept: number | null;
  readonly failed: KeptTopologies['failed'];
  readonly unread: KeptTopologies['failed'];
};

/**
 * Keeps the topologies of a worker that is to be terminated. What CML refuses to show is lost; what it cannot show now is
 * asked for again until half of the time to `until` is over, since the licence needs the rest. Later tries ask only for
 * what the ones before, which the operation's result tells of, could not read.
 * @throws OperationPostponed: another try follows; the signal's reason
 */
export async function rescueTopologies(
  { clock }: Pick<LicenseServices, 'clock'>,
  topologies: TopologyKeeper,
  run: OperationRun,
  worker: WorkerRecord,
  { until, signal }: { readonly until: Date; readonly signal: AbortSignal },
): Promise<RescuedTopologies> {
  const { at, by, reason } = worker.desired;
  const halfTime = halfway(at, until);
  const earlier = earlierRescue(run);
  const isOver = clock.now() >= halfTime;
  try {
    const readUntil = isOver ? halfway(clock.now(), until) : halfTime;
    const only = earlier && earlier.unread.length > 0 ? earlier.unread.map(({ labId }) => labId) : null;
    const found = await topologies.keepAll(worker, signal, { by, reason, only, until: readUntil });
    const before = only ? earlier : null;
    const topologiesKept = (before?.topologiesKept ?? 0) + found.kept;
    const failed = [...(before?.failed ?? []), ...found.failed].slice(0, LISTED_AT_MOST);
    const result = { topologiesKept, failed, unread: found.later };
    await run.report({ progress: 0.3, message: 'gives its licence back', result });
    const [first] = found.later;
    if (first) postponeUnless(clock.now() >= halfTime, first.message);
    return rescued(result);
  } catch (error) {
    if (!(error instanceof CmlError)) throw error;
    if (error.kind === 'unavailable') postponeUnless(clock.now() >= halfTime, error.message);
    const result = earlier ?? { topologiesKept: null, failed: [], unread: [] };
    return rescued(result, error);
  }

  function postponeUnless(isTooLate: boolean, why: string): void {
    if (isTooLate) return;
    const pauseMs = pauseAfter(run.operation.createdAt, halfTime, clock.now());
    throw new OperationPostponed(clock.toMachineMs(pauseMs), why);
  }
}

function rescued(result: Rescue, error?: CmlError): RescuedTopologies {
  const { topologiesKept, failed, unread } = result;
  const lost = failed.length + unread.length;
  const kept = topologiesKept ?? 'No';
  const why = error ? `: ${error.message}` : '.';
  const message = `${kept} topologies were kept${lost > 0 ? `, ${lost} could not be` : ''}${why}`;
  return { message, topologiesKept, result };
}

/** What an earlier run of the operation kept, as it noted it; null where none came so far. */
function earlierRescue({ operation }: OperationRun): Rescue | null {
  const { topologiesKept, failed, unread } = (operation.result ?? {}) as Partial<Rescue>;
  if (typeof topologiesKept !== 'number') return null;
  return { topologiesKept, failed: failed ?? [], unread: unread ?? [] };
}

function halfway(from: Date, to: Date): Date {
  return plus(from, Math.max(0, to.getTime() - from.getTime()) / 2);
}
