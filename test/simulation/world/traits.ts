import { type FleetRules } from '../../../src/reaper/domain/policy/effective-policy';
import { type IdlePolicy } from '../../../src/reaper/domain/policy/idle-policy';

/** What the run's servers, people and surroundings are like. Durations are milliseconds, shares from 0 to 1. */
export interface WorkerTraits {
  readonly name: string;
  readonly region: string;
  readonly policy: IdlePolicy;
  readonly policyId: string;
  readonly clockAheadMs: number;
  readonly telemetryOn: boolean;
  /** the sources that fail now and then, and how often a day */
  readonly troublesADay: number;
  /** false: nobody comes but by a script */
  readonly visited: boolean;
  /** how long nobody comes */
  readonly restMs: readonly [least: number, most: number];
  /** how long somebody stays */
  readonly visitMs: readonly [least: number, most: number];
  /** how often somebody does something when told that it will be stopped */
  readonly reactsShare: number;
}

export interface RunTraits {
  readonly seed: number;
  readonly start: Date;
  readonly hours: number;
  readonly apartMs: number;
  readonly observeMs: number;
  readonly activityMs: number;
  readonly workers: readonly WorkerTraits[];
  readonly rules: FleetRules;
  /** of calls to EC2, probes and the channel */
  readonly ec2FaultShare: number;
  readonly slowProbeShare: number;
  /** how many ways to people are set up; without any the log is the way */
  readonly channels: 0 | 1 | 2;
  readonly channelFailShare: number;
  /** how often a day the process dies, stands still, or the application is down for long */
  readonly deathsADay: number;
  readonly standstillsADay: number;
  readonly outagesADay: number;
  /** how often a day somebody pauses all stops, or no way leads to people */
  readonly pausesADay: number;
  readonly silencesADay: number;
}

/** How a run is lived through: each minute and each reading by itself, or only what matters. */
export interface RunMode {
  readonly slow: boolean;
}
