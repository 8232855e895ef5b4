import { type CommandContext } from '../../kernel/command-context';
import { type Leftover } from './leftover';
import { type OrphanKind, type ResourceKind, type Sighting, type Suspect } from './orphan';
import { type OrphanCase } from './orphan-case';

/** AWS, as far as it tells what is left over, and lets us remove it. Every method throws ComputeError when AWS refuses. */
export abstract class LeftoverSource {
  /**
   * Everything of the kind in the region that has our tag `managed-by`, of all installations: all of it, or an error.
   * Of volumes only those that are not attached; instances that are terminated may be among it.
   */
  abstract list(kind: ResourceKind, region: string): Promise<Leftover[]>;
  /** One by its id, whatever its tags; null when AWS does not know it. */
  abstract find(kind: ResourceKind, region: string, resourceId: string): Promise<Leftover | null>;
  /** Terminates the instance, deletes the volume, releases the address, for good. One that is gone already is no error. */
  abstract remove(kind: ResourceKind, region: string, resourceId: string): Promise<void>;
}

/** What a complete listing of a kind in a region showed. */
export interface CompleteListing {
  readonly kind: OrphanKind;
  readonly awsRegion: string;
  /** fleet time at which it was begun */
  readonly listedAt: Date;
  readonly suspects: readonly Suspect[];
  /** how many belong to other installations */
  readonly foreign: number;
}

/** How many orphans there are of a kind in a region, by its latest complete listing. */
export interface OrphanCount extends Pick<CompleteListing, 'kind' | 'awsRegion' | 'listedAt' | 'foreign'> {
  readonly orphans: number;
}

export interface OrphanPosition {
  readonly firstSeenAt: Date;
  readonly id: string;
}

export interface OrphanPage {
  readonly kinds: readonly OrphanKind[] | null;
  readonly awsRegions: readonly string[] | null;
  readonly after: OrphanPosition | null;
  readonly limit: number;
}

/** What complete listings saw. All methods throw StoreUnavailable. */
export abstract class SightingStore {
  /**
   * Counts the suspects as seen once more, and forgets those of its kind and region that it does not show. A listing
   * that was begun no later than one that was recorded counts for nothing. Answers those that became orphans by it.
   */
  abstract record(listing: CompleteListing): Promise<Sighting[]>;
  /** Orphans only; those that were seen first most lately come first. */
  abstract page(page: OrphanPage): Promise<Sighting[]>;
  /** An orphan; null for what was seen once only. */
  abstract find(id: string): Promise<Sighting | null>;
  /** Something was done about it: it must be seen anew to come back. */
  abstract remove(id: string): Promise<void>;
  abstract counts(): Promise<OrphanCount[]>;
}

/** What people did about orphans, by streams. */
export abstract class OrphanCases {
  /** Stores what `decide` records; a command that was carried out before is not carried out again. */
  abstract record(
    id: string,
    context: CommandContext,
    decide: (orphan: OrphanCase) => void,
  ): Promise<OrphanCase>;
}
