import { type Ledger } from './ledger';
import { type Random } from './random';
import { type Replicas } from './replicas';

/** What a watcher may look at. */
export interface Scene {
  readonly replicas: Replicas;
  readonly ledger: Ledger;
  /** of the database, not through any process */
  readonly mongoUri: string;
  readonly random: Random;
}

/** Follows a run from outside, as a receiver of events does, and judges at its end what it got. */
export interface Watcher {
  start(scene: Scene): Promise<void>;
  /** What was killed serves again, or is being started beside others that do. */
  afterEachKill(): Promise<void>;
  /** The load has ended. Waits until all is settled, and answers what is wrong, one sentence each. */
  verify(): Promise<string[]>;
  /** What it saw so far, for the report. */
  figures(): Readonly<Record<string, number>>;
  /** Also after a run that failed, and before `start`. */
  stop(): Promise<void>;
}
