import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type LicenseFailureCode } from './license-errors';
import { type FeatureWish } from './wanted-license';

/** What a server said of its licence just now. */
export interface ServerLicense {
  readonly registration: string | null;
  readonly authorization: string | null;
  readonly registrationExpires: Date | null;
  readonly authorizationExpires: Date | null;
  readonly failure: string | null;
  readonly productLicense: string | null;
  readonly smartServer: string | null;
  readonly features: readonly { readonly id: string; readonly inUse: number | null }[];
}

/** What an operation on a licence does next. */
export type LicenseStep =
  | { readonly do: 'take-seat' }
  | { readonly do: 'set-transport'; readonly smartServer: string | null }
  | { readonly do: 'set-product-license'; readonly productLicense: string }
  | { readonly do: 'register'; readonly reregister: boolean }
  /** the server has what was asked for: note it */
  | { readonly do: 'note-registered' }
  | { readonly do: 'set-features'; readonly counts: readonly FeatureWish[] }
  | { readonly do: 'renew-registration' }
  | { readonly do: 'renew-authorization' }
  | { readonly do: 'deregister' }
  /** read again in a moment */
  | { readonly do: 'poll' }
  | { readonly do: 'done'; readonly message: string }
  /** the licence is not the server's any more, and Cisco may not know it */
  | { readonly do: 'left-over'; readonly reason: string }
  | {
      readonly do: 'fail';
      readonly code: LicenseFailureCode;
      readonly message: string;
      /** certainly no licence is in use for what was sent */
      readonly unused: boolean;
    };

/** Steps that one run of an operation takes once at most, whatever the server shows afterwards. */
export type OnceStep = Extract<
  LicenseStep['do'],
  'set-transport' | 'set-product-license' | 'set-features' | 'renew-registration' | 'renew-authorization'
>;

/** Fleet time between two readings, and how long a server is given to come to an end (CML’s own tools: the same). */
export const POLL_MS = 5 * SECOND;
export const SETTLES_WITHIN_MS = 2 * MINUTE;
/** So long a server may show what came of the registration before, after it accepted another one. */
export const STALE_FAILURE_MS = 30 * SECOND;
/** A deregistration may take a minute; after that one whose answer was lost is not under way any more. */
export const DEREGISTERS_WITHIN_MS = 90 * SECOND;
/** So often a registration is sent that did not arrive. */
export const MOST_TRIES = 3;

export function isWithin(since: Date, ms: number, now: Date): boolean {
  return now <= plus(since, ms);
}

export function fail(code: LicenseFailureCode, message: string, unused = false): LicenseStep {
  return { do: 'fail', code, message, unused };
}

/** The server's own words, for people. */
export function wordsOf({ registration, authorization, failure }: ServerLicense): string {
  const words = `registration ${registration ?? 'unknown'}, authorization ${authorization ?? 'unknown'}`;
  return failure === null ? words : `${words}: ${failure}`;
}
