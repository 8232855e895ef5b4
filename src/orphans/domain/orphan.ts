import { derivedId } from '../../kernel/ids';

/** What can be left over on AWS, and be looked up there by its id. */
export const RESOURCE_KINDS = ['instance-without-worker', 'volume', 'address'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

export const ORPHAN_KINDS = [...RESOURCE_KINDS, 'worker-without-instance'] as const;
export type OrphanKind = (typeof ORPHAN_KINDS)[number];

/** Which one it is. The resource is an instance, a volume or an address by AWS's id, or a worker by ours. */
export interface OrphanPlace {
  readonly kind: OrphanKind;
  readonly awsRegion: string;
  readonly resourceId: string;
}

/** What people need to recognise it. Null is what does not apply, or what nobody said. */
export interface OrphanDetails {
  readonly name: string | null;
  /** of the worker that its tags name, or that it is */
  readonly workerId: string | null;
  readonly awsInstanceId: string | null;
  readonly instanceType: string | null;
  /** AWS's word for its state */
  readonly status: string | null;
  readonly sizeGiB: number | null;
  readonly publicIp: string | null;
  /** when it was launched or made, as AWS says */
  readonly since: Date | null;
}

/** What one complete listing shows to belong to nobody. */
export interface Suspect extends OrphanPlace {
  readonly details: OrphanDetails;
  /** that its tags name: ours, or none */
  readonly installationId: string | null;
}

/** A suspect as it is remembered. Times are fleet time: when the listings began. */
export interface Sighting extends Suspect {
  readonly id: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** complete listings in a row that showed it */
  readonly sightings: number;
}

/** Seen in so many complete listings in a row, a suspect is an orphan: one alone may have met a launch half-way. */
export const SIGHTINGS_OF_AN_ORPHAN = 2;

export function orphanId({ kind, awsRegion, resourceId }: OrphanPlace): string {
  return derivedId('orphan', kind, awsRegion, resourceId);
}
