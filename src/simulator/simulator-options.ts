import { type FleetClock, type MachineClock } from '../kernel/clocks';
import { type IdSource } from '../kernel/ids';

/** How long things take, in seconds of fleet time unless said otherwise. */
export interface Timings {
  /** pending → running */
  readonly bootSeconds: number;
  /** the same for `*.metal` types, which check their hardware first */
  readonly metalBootSeconds: number;
  /** stopping → stopped */
  readonly stopSeconds: number;
  /** shutting-down → terminated */
  readonly terminateSeconds: number;
  /** running → CML ready: a third of it refusing, a third behind nginx' 502, a third answering `ready: false` */
  readonly cmlBootSeconds: number;
  /** how old the state is that Describe calls answer */
  readonly readLagSeconds: number;
  /** how late the points of CloudWatch are */
  readonly metricLagSeconds: number;
  /** life of a CML token, in seconds of machine time */
  readonly tokenSeconds: number;
  /** a registration with Smart Licensing, from its acceptance on; so long take renewals of it, too */
  readonly registrationSeconds: number;
  /** registered → authorized, half of it INIT, half WAITING; so long take renewals of it, too */
  readonly authorizationSeconds: number;
  /** between two attempts of a server to reach Smart Licensing */
  readonly licenseRetrySeconds: number;
}

export const DEFAULT_TIMINGS: Timings = {
  bootSeconds: 60,
  metalBootSeconds: 300,
  stopSeconds: 30,
  terminateSeconds: 30,
  cmlBootSeconds: 120,
  readLagSeconds: 2,
  metricLagSeconds: 0,
  tokenSeconds: 86_400,
  registrationSeconds: 5,
  authorizationSeconds: 10,
  licenseRetrySeconds: 30,
};

/** An account that can log in to every CML server of the world. */
export interface CmlCredentials {
  readonly username: string;
  readonly password: string;
}

/** A role that callers can assume. */
export interface RoleOptions {
  /** `arn:aws:iam::<account>:role/<name>` */
  readonly arn: string;
  /** what a caller must give; left out: none is asked for */
  readonly externalId?: string;
}

export interface WorldOptions {
  readonly clock: FleetClock;
  /** measures the life of CML tokens */
  readonly machine: MachineClock;
  readonly ids: IdSource;
  readonly regions: readonly string[];
  /** twelve digits: the account of the callers, and owner of the regions that `regionAccounts` does not name */
  readonly accountId: string;
  /** regions of other accounts, which are reached with a role of theirs only */
  readonly regionAccounts: Readonly<Record<string, string>>;
  readonly roles: readonly RoleOptions[];
  readonly cml: CmlCredentials;
  readonly timings: Timings;
  /** AWS actions (`RunInstances`) that the caller's policy does not allow */
  readonly deniedActions: readonly string[];
  /** whether EC2 and CloudWatch count the calls, and refuse those that come too often */
  readonly throttling: boolean;
  /** of the dice that faults throw */
  readonly seed: number;
  /** the clock that callers sign their requests by */
  readonly wall: MachineClock;
  /** Waits machine milliseconds: how answers come late. */
  readonly pause: (ms: number) => Promise<void>;
}
