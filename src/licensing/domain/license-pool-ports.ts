import { type CommandContext } from '../../kernel/command-context';
import { type LicensePool } from './license-pool';
import { type LicenseStatusValue } from './license-reading';

/** Pools by their streams. All methods throw StoreUnavailable. */
export abstract class LicensePoolRepository {
  /**
   * Stores a new pool. A repetition of the command answers the one that its first try stored.
   * @throws LicensePoolNameTaken, VersionConflict
   */
  abstract add(pool: LicensePool, context: CommandContext): Promise<LicensePool>;

  /** @throws LicensePoolNotFound, also for one that is deleted */
  abstract get(id: string): Promise<LicensePool>;

  /** The pool of this name, without regard to case; null where there is none. */
  abstract named(name: string): Promise<LicensePool | null>;

  /** The pool in which the worker has a seat; null: none. */
  abstract seating(workerId: string): Promise<LicensePool | null>;

  /**
   * Lets `decide` act on the pool and stores what it recorded.
   * @throws LicensePoolNotFound, LicensePoolNameTaken, AlreadySeated, VersionConflict, and what `decide` throws
   */
  abstract update(
    id: string,
    context: CommandContext,
    decide: (pool: LicensePool) => void,
  ): Promise<LicensePool>;

  /**
   * Takes the names and seats of the pools that nobody has taken, as after a restore without reservations. Answers
   * those that another pool has taken, as people call them.
   */
  abstract keepReserved(ids: readonly string[]): Promise<string[]>;

  /** Frees names and seats that were taken before a time (machine time) and that no pool has. Answers how many. */
  abstract sweepReserved(takenBefore: Date): Promise<number>;
}

/** A worker, as far as its licence goes. */
export interface LicensedWorker {
  readonly id: string;
  readonly name: string;
  /** null while it is managed */
  readonly ended: 'terminated' | 'released' | null;
  readonly licenseStatus: LicenseStatusValue;
  /** the token that it was last registered with, if that is known */
  readonly licenseToken: { readonly ref: string; readonly fingerprint: string } | null;
}

/** What is known of the workers' licences. All methods throw StoreUnavailable. */
export abstract class LicensedWorkers {
  /** By its stream, ended ones too; null: there never was one. */
  abstract of(workerId: string): Promise<LicensedWorker | null>;
  /** Those that are managed, by the list of workers. */
  abstract active(): Promise<LicensedWorker[]>;
}
