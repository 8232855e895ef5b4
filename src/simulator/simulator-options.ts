import { type FleetClock, type MachineClock, SECOND } from '../kernel/clocks';
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
  /** how many times longer than that bare metal takes */
  readonly metalCmlBootFactor: number;
  /** CML ready → its health is valid */
  readonly healthSeconds: number;
  /** after CML has become ready: so long it is, then so long it says it is not, then it is for good */
  readonly readyFlapSeconds: number;
  /** CML ready for the first time → the reboot that ends the first boot, with a new certificate; 0: there is none */
  readonly firstBootRebootSeconds: number;
  /** each node of a lab after the other */
  readonly nodeStartSeconds: number;
  /** a node started → booted */
  readonly nodeBootSeconds: number;
  readonly nodeStopSeconds: number;
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
  metalCmlBootFactor: 1,
  healthSeconds: 0,
  readyFlapSeconds: 0,
  firstBootRebootSeconds: 0,
  nodeStartSeconds: 0,
  nodeBootSeconds: 0,
  nodeStopSeconds: 0,
  readLagSeconds: 2,
  metricLagSeconds: 0,
  tokenSeconds: 86_400,
  registrationSeconds: 5,
  authorizationSeconds: 10,
  licenseRetrySeconds: 30,
};

/** From running to CML ready, in milliseconds, for an instance of a type. */
export function cmlBootMs(timings: Timings, type: string | null): number {
  const factor = type?.endsWith('.metal') ? timings.metalCmlBootFactor : 1;
  return timings.cmlBootSeconds * factor * SECOND;
}

/** How many logins a CML server takes within a minute of machine time; more get 429. */
export interface LoginLimit {
  readonly perMinute: number;
  /** nginx refuses, with its page */
  readonly html?: boolean;
}

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
  /** of every CML server, until one is given another; null: any number */
  readonly loginLimit: LoginLimit | null;
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
