import { type FeatureFacts, featuresOf, type ProductLicense } from '../../licensing/license-features';
import { CISCO_SERVER } from '../../licensing/smart-licensing';
import { NEVER, type TimeInfo } from './license-times';

/** Where Smart Licensing is, for one CML server. */
export interface Transport {
  /** null: Cisco's own */
  readonly ssms: string | null;
  readonly proxy: { readonly server: string | null; readonly port: number | null };
}

/** What a CML server remembers of its licence, also while its machine is off. */
export interface LicenseState {
  product: ProductLicense;
  transport: Transport;
  /** the server that it registered with, which a change of the transport does not change */
  registeredAt: string | null;
  registration: {
    status: string;
    smartAccount: string | null;
    virtualAccount: string | null;
    registerTime: TimeInfo;
    renewTime: TimeInfo;
    expires: Date | null;
  };
  authorization: { status: string; renewTime: TimeInfo; expires: Date | null };
  /** by feature id: how many it uses */
  counts: Map<string, number>;
  featureStatus: Map<string, string>;
  /** an evaluation ends with the first registration */
  evaluation: 'running' | 'used';
}

export function freshLicense(): LicenseState {
  const state: LicenseState = {
    product: 'CML_Enterprise',
    transport: { ssms: CISCO_SERVER, proxy: { server: null, port: null } },
    ...unregistered(),
    ...{ counts: new Map(), featureStatus: new Map(), evaluation: 'running' },
  };
  useAsUsual(state);
  return state;
}

/** Without a registration: how a server begins, and is again after a deregistration. */
export function unregistered(): Pick<LicenseState, 'registeredAt' | 'registration' | 'authorization'> {
  return {
    registeredAt: null,
    registration: {
      ...{ status: 'NOT_REGISTERED', smartAccount: null, virtualAccount: null },
      ...{ registerTime: NEVER, renewTime: NEVER, expires: null },
    },
    authorization: { status: 'EVAL', renewTime: NEVER, expires: null },
  };
}

export function featuresIn({ product }: LicenseState): readonly FeatureFacts[] {
  return featuresOf(product);
}

/** The counts that a product licence has where nobody sets them. */
export function useAsUsual(state: LicenseState): void {
  state.counts = new Map(featuresIn(state).map(({ id, usual }) => [id, usual]));
  mark(state, 'INIT');
}

/** Gives all features a status. */
export function mark(state: LicenseState, status: string): void {
  state.featureStatus = new Map(featuresIn(state).map(({ id }) => [id, status]));
}

/** The status that is shown: what has expired says so by itself. No source tells how servers word it. */
export function registrationStatus({ registration }: LicenseState, now: Date): string {
  const { status, expires } = registration;
  return status === 'COMPLETED' && expires && expires <= now ? 'REGISTRATION_EXPIRED' : status;
}

export function authorizationStatus({ authorization }: LicenseState, now: Date): string {
  const { status, expires } = authorization;
  return expires && expires <= now ? 'AUTHORIZATION_EXPIRED' : status;
}

/** What `is_licensed` of the server's health says. */
export function isLicensed(state: LicenseState, now: Date): boolean {
  const status = authorizationStatus(state, now);
  return status === 'IN_COMPLIANCE' || (status === 'EVAL' && state.evaluation === 'running');
}
