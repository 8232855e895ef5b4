import { MINUTE, plus } from '../../kernel/clocks';
import { type OrphanDetails, type ResourceKind, type Suspect } from './orphan';

/** One instance, volume or address, as AWS tells of it. */
export interface Leftover extends Omit<OrphanDetails, 'workerId'> {
  readonly resourceId: string;
  /** whether it has our tag `managed-by` */
  readonly isManaged: boolean;
  /** the worker and the installation that its tags name */
  readonly workerId: string | null;
  readonly installationId: string | null;
  /** of an instance's launch */
  readonly clientToken: string | null;
  /** an instance that is not being terminated; a volume, an address that nothing uses */
  readonly isLoose: boolean;
}

/** A worker that is managed and has not ended, as far as something can be its own. */
export interface LivingWorker {
  readonly id: string;
  readonly awsRegion: string;
  readonly awsInstanceId: string | null;
  /** client token of its launch under way */
  readonly launchToken: string | null;
}

export interface Surroundings {
  readonly awsRegion: string;
  readonly workers: readonly LivingWorker[];
  /** ours */
  readonly installationId: string;
  /** fleet time */
  readonly now: Date;
}

/** What is so young may belong to a launch whose answer is not stored yet. */
export const YOUNG_MS = 10 * MINUTE;

/** The worker that has the thing, or waits for it. */
export function ownerOf(
  kind: ResourceKind,
  { resourceId, workerId, clientToken }: Leftover,
  { awsRegion, workers }: Surroundings,
): LivingWorker | null {
  const isOwner = (worker: LivingWorker): boolean => {
    // a disk or an address that somebody detached from a worker's instance is still that worker's
    if (kind !== 'instance-without-worker') return worker.id === workerId;
    if (worker.awsRegion !== awsRegion) return false;
    if (worker.awsInstanceId !== null) return worker.awsInstanceId === resourceId;
    return worker.id === workerId || (clientToken !== null && worker.launchToken === clientToken);
  };
  return workers.find(isOwner) ?? null;
}

export function isForeign({ installationId }: Leftover, ours: string): boolean {
  return installationId !== null && installationId !== ours;
}

/** Why the thing is nobody's orphan, in words for people; null: it is one, as far as it can be seen now. */
export function whyNoOrphan(
  kind: ResourceKind,
  leftover: Leftover,
  surroundings: Surroundings,
): string | null {
  const { resourceId, isManaged, isLoose, status, since } = leftover;
  if (!isManaged) return `${resourceId} is not tagged managed-by=cml-fleet.`;
  if (isForeign(leftover, surroundings.installationId)) {
    return `${resourceId} belongs to another installation of cml-fleet (${leftover.installationId}).`;
  }
  if (!isLoose) return `${resourceId} is ${status ?? 'in use'}.`;
  const owner = ownerOf(kind, leftover, surroundings);
  if (owner) return `${resourceId} belongs to the worker ${owner.id}.`;
  const isYoung = since !== null && surroundings.now < plus(since, YOUNG_MS);
  return isYoung ? `${resourceId} is less than ten minutes old: its launch may be under way.` : null;
}

export function suspectOf(kind: ResourceKind, awsRegion: string, leftover: Leftover): Suspect {
  const { resourceId, installationId, name, workerId, awsInstanceId } = leftover;
  const { instanceType, status, sizeGiB, publicIp, since } = leftover;
  const details = { name, workerId, awsInstanceId, instanceType, status, sizeGiB, publicIp, since };
  return { kind, awsRegion, resourceId, installationId, details };
}
