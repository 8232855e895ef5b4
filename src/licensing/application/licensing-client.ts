import { type Secret } from '../../kernel/secret';
import { type CmlServer, type LicenseValues } from '../../telemetry';

export interface FeatureCount {
  /** `regid.2019-10.com.cisco.CML_NODE_COUNT,1.0_…` */
  readonly id: string;
  readonly count: number;
}

/** What became of a licence that was given back. */
export type Deregistration =
  /** the server and Cisco know */
  | 'released'
  /** the server forgot it, but could not tell Cisco's Smart Licensing, where it is still counted as in use */
  | 'left-over'
  /** there was none */
  | 'not-registered';

/**
 * Licensing of one CML server. Each change is accepted by it and done later: `read` tells how far it is. After a
 * time-out nobody knows whether it was accepted: read before it is sent again.
 * Every method throws CmlError and nothing else; `busy` (409): later; `nodes-running`: of `deregister`.
 */
export abstract class LicensingClient {
  /** With `is_licensed` of the server's health; null where it does not say. */
  abstract read(
    server: CmlServer,
  ): Promise<{ readonly license: LicenseValues; readonly licensed: boolean | null }>;
  /** The Smart Licensing server to use: an on-premises one by its URL, or null for Cisco's own. */
  abstract setTransport(server: CmlServer, smartServer: string | null): Promise<void>;
  /** `CML_Enterprise`, …; one that is active already is refused by CML, so compare before. */
  abstract setProductLicense(server: CmlServer, productLicense: string): Promise<void>;
  abstract register(server: CmlServer, token: Secret, reregister: boolean): Promise<void>;
  abstract renewRegistration(server: CmlServer): Promise<void>;
  abstract renewAuthorization(server: CmlServer): Promise<void>;
  abstract deregister(server: CmlServer): Promise<Deregistration>;
  abstract setFeatures(server: CmlServer, counts: readonly FeatureCount[]): Promise<void>;
}
