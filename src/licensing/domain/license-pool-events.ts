import { eventOf } from '../../kernel/domain-event';
import { type LicenseStatusValue } from './license-reading';

/**
 * Everything that can happen to a pool of licences. Its token is in none of it, only where the vault keeps it and a
 * fingerprint.
 */

export interface PoolFeature {
  /** `regid.2019-10.com.cisco.CML_NODE_COUNT,1.0_…` */
  readonly id: string;
  readonly count: number;
}

/** What an admin says about a pool, but for its token. */
export interface PoolDetails {
  readonly name: string;
  /** how many workers may be registered with its token at once */
  readonly capacity: number;
  /** `CML_Enterprise`, …; null: as the server has it */
  readonly productLicense: string | null;
  /** additional nodes for each worker; empty: none */
  readonly features: readonly PoolFeature[];
  /** URL of an on-premises Smart Licensing server; null: Cisco's own */
  readonly smartServer: string | null;
}

/** Where the vault keeps the token, and by what people tell it from another. */
export interface PoolToken {
  readonly ref: string;
  readonly fingerprint: string;
}

export class LicensePoolCreated extends eventOf('license-pool.created')<
  PoolDetails & { readonly token: PoolToken; readonly createdAt: Date; readonly createdBy: string }
> {}

export class LicensePoolUpdated extends eventOf('license-pool.updated')<
  PoolDetails & { readonly updatedAt: Date }
> {}

export class LicensePoolTokenReplaced extends eventOf('license-pool.token-replaced')<{
  readonly token: PoolToken;
  readonly updatedAt: Date;
}> {}

/** A worker got a seat, or had one and is to be registered with the pool's present token. */
export class LicenseSeatTaken extends eventOf('license-pool.seat-taken')<{
  readonly workerId: string;
  readonly token: PoolToken;
  readonly at: Date;
}> {}

/** The licence was given back. */
export class LicenseSeatReleased extends eventOf('license-pool.seat-released')<{
  readonly workerId: string;
  readonly at: Date;
}> {}

/** The licence could not be given back, and is still counted at Cisco. */
export class LicenseSeatStranded extends eventOf('license-pool.seat-stranded')<{
  readonly workerId: string;
  readonly reason: string;
  readonly at: Date;
}> {}

/** A person says that a stranded licence is not counted any more. */
export class LicenseSeatFreed extends eventOf('license-pool.seat-freed')<{
  readonly workerId: string;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
}> {}

/** What the server of a worker with a seat said about its licence changed. */
export class LicenseSeatReported extends eventOf('license-pool.seat-reported')<{
  readonly workerId: string;
  readonly licenseStatus: LicenseStatusValue;
  readonly at: Date;
}> {}

export class LicensePoolDeleted extends eventOf('license-pool.deleted')<{ readonly at: Date }> {}

export const LICENSE_POOL_EVENTS = [
  LicensePoolCreated,
  LicensePoolUpdated,
  LicensePoolTokenReplaced,
  LicenseSeatTaken,
  LicenseSeatReleased,
  LicenseSeatStranded,
  LicenseSeatFreed,
  LicenseSeatReported,
  LicensePoolDeleted,
] as const;

export type LicensePoolEvent = InstanceType<(typeof LICENSE_POOL_EVENTS)[number]>;
