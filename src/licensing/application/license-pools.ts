import { type CommandContext } from '../../kernel/command-context';

/** A worker's place in a pool of licences. */
export interface PoolSeat {
  readonly poolId: string;
  /** where the vault keeps the pool's token, and by what people tell it from another */
  readonly tokenRef: string;
  readonly fingerprint: string;
  /** `CML_Enterprise`, …; null: as the server has it */
  readonly productLicense: string | null;
  /** additional nodes for each worker, by feature id; empty: none */
  readonly features: readonly { readonly id: string; readonly count: number }[];
}

/** Seats of the licence pools. Of two workers that want the last seat one gets it. All methods throw StoreUnavailable. */
export abstract class LicensePools {
  /**
   * A seat for the worker, the one that it has already if it has one in this pool.
   * @throws LicensePoolNotFound, LicensePoolExhausted, AlreadySeated in another pool
   */
  abstract take(poolId: string, workerId: string, context: CommandContext): Promise<PoolSeat>;
  /** The worker's seat in whichever pool; null: none. */
  abstract seatOf(workerId: string): Promise<PoolSeat | null>;
  /** The licence was given back: the seat is free. No effect without a seat. */
  abstract release(workerId: string, context: CommandContext): Promise<void>;
  /**
   * The licence could not be given back and is still counted at Cisco: the seat stays taken until a person frees it.
   * No effect without a seat.
   */
  abstract strand(workerId: string, reason: string, context: CommandContext): Promise<void>;
}
