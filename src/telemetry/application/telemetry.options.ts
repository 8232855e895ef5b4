import { SECOND } from '../../kernel/clocks';
import { type Cadence } from '../domain/cadence';
import { type Source } from '../domain/observation';
import { type SignalRules } from '../domain/signals-of';

/** What the telemetry module is told by the root. */
export interface TelemetryOptions {
  /** regions that are swept */
  readonly regions: readonly string[];
  /** fleet seconds between two sweeps of EC2, and between two readings of a CML server's system and labs */
  readonly observeSeconds: number;
  /** fleet seconds between two readings of what people did on a CML server */
  readonly activitySeconds: number;
  /** fleet seconds between two readings of a CML server's licence */
  readonly licenseSeconds: number;
  /** fleet seconds between two readings of CloudWatch; 0 is never */
  readonly cloudwatchSeconds: number;
  /** HTTPS port of the CML servers */
  readonly cmlPort: number;
  /** which of a worker's addresses its CML server is reached at */
  readonly address: 'public' | 'private';
  /** whether there is an account for CML servers that have none of their own; without, these are not observed */
  readonly fleetAccount: boolean;
  /** percent of the whole host, 0–100: from here on the processor counts as in use */
  readonly cpuIdleBelowPercent: number;
  /** CML servers that this process reads side by side, of those that answer and of those that do not; default 100 each */
  readonly concurrency?: number;
  /** seconds until a reading is too old to rely on; default three sweeps */
  readonly maximalAgeSeconds?: number;
  /** percent of a region's instances that may be gone from one listing to the next without alarm; default 20 */
  readonly shrinkAlarmPercent?: number;
  /** ticks start with the application; off in specs, which run them by hand */
  readonly autostart: boolean;
}

export const TELEMETRY_OPTIONS = Symbol('TelemetryOptions');

export function cadenceOf({
  observeSeconds,
  activitySeconds,
  licenseSeconds,
}: Pick<TelemetryOptions, 'observeSeconds' | 'activitySeconds' | 'licenseSeconds'>): Cadence {
  return {
    'cml-system': observeSeconds * SECOND,
    'cml-labs': observeSeconds * SECOND,
    'cml-activity': activitySeconds * SECOND,
    'cml-license': licenseSeconds * SECOND,
  };
}

/** What was missed so often is not known any more. */
const MISSED_READINGS = 3;

/** Fleet milliseconds until a reading of EC2 or CML is too old to rely on; more where it is read less often. */
export function maximalAgeMs(options: TelemetryOptions, source: Exclude<Source, 'cloudwatch'>): number {
  const { observeSeconds, maximalAgeSeconds = MISSED_READINGS * observeSeconds } = options;
  const usual = maximalAgeSeconds * SECOND;
  const interval = source === 'ec2' ? observeSeconds * SECOND : cadenceOf(options)[source];
  return interval > observeSeconds * SECOND ? Math.max(usual, MISSED_READINGS * interval) : usual;
}

export function signalRules(options: TelemetryOptions, source: Exclude<Source, 'cloudwatch'>): SignalRules {
  return {
    cpuIdleBelowPercent: options.cpuIdleBelowPercent,
    maximalAgeMs: maximalAgeMs(options, source),
  };
}

/** A reading that comes later than this after the one before was missed, or held up, in between. */
const LATE = 1.5;

/** Fleet milliseconds between two readings of a source beyond which one of them was missed: such gaps are noted. */
export function usualGapMs(
  options: Pick<TelemetryOptions, 'observeSeconds' | 'activitySeconds' | 'licenseSeconds'>,
  source: Exclude<Source, 'cloudwatch'>,
): number {
  return LATE * (source === 'ec2' ? options.observeSeconds * SECOND : cadenceOf(options)[source]);
}
