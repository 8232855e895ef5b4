/** Additional nodes of a server, by the id of the feature that CML counts them under. */
export interface FeatureWish {
  /** `regid.2019-10.com.cisco.CML_NODE_COUNT,1.0_…` */
  readonly id: string;
  readonly count: number;
}

/** Of whom the licence is: of whoever has the token, or of the pool. Two that are alike give the server the same one. */
export interface LicenseSource {
  readonly poolId: string | null;
  /** by what people tell the token from another; null for a pool, whose token may be changed */
  readonly fingerprint: string | null;
}

/** The licence that people want a worker to have. */
export interface WantedLicense extends LicenseSource {
  /** where the vault keeps the worker's own token; null for a pool's */
  readonly tokenRef: string | null;
  /** `CML_Enterprise`, …; null: the pool's, or as the server has it */
  readonly productLicense: string | null;
  /** empty: the pool's, or as the server has them */
  readonly features: readonly FeatureWish[];
  /** null: as the server has it */
  readonly transport: {
    /** an on-premises Smart Licensing server; null: Cisco's own */
    readonly smartServer: string | null;
  } | null;
  /** also where the server is registered already, with this or another token */
  readonly reregister: boolean;
}

export function isSameSource(one: LicenseSource, other: LicenseSource): boolean {
  return one.poolId === other.poolId && (one.poolId !== null || one.fingerprint === other.fingerprint);
}
