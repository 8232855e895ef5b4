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
  /** life of a CML token, in seconds of machine time */
  readonly tokenSeconds: number;
}

export const DEFAULT_TIMINGS: Timings = {
  bootSeconds: 60,
  metalBootSeconds: 300,
  stopSeconds: 30,
  terminateSeconds: 30,
  cmlBootSeconds: 120,
  readLagSeconds: 2,
  tokenSeconds: 86_400,
};

/** An account that can log in to every CML server of the world. */
export interface CmlCredentials {
  readonly username: string;
  readonly password: string;
}

export interface WorldOptions {
  readonly clock: FleetClock;
  /** measures the life of CML tokens */
  readonly machine: MachineClock;
  readonly ids: IdSource;
  readonly regions: readonly string[];
  /** twelve digits: owner of every instance and of the CML images */
  readonly accountId: string;
  readonly cml: CmlCredentials;
  readonly timings: Timings;
  /** AWS actions (`RunInstances`) that the caller's policy does not allow */
  readonly deniedActions: readonly string[];
  /** of the dice that faults throw */
  readonly seed: number;
  /** the clock that callers sign their requests by */
  readonly wall: MachineClock;
  /** Waits machine milliseconds: how answers come late. */
  readonly pause: (ms: number) => Promise<void>;
}
