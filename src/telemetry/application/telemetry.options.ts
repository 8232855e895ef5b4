import { SECOND } from '../../kernel/clocks';
import { type SignalRules } from '../domain/signals-of';

/** What the telemetry module is told by the root. */
export interface TelemetryOptions {
  /** regions that are swept */
  readonly regions: readonly string[];
  /** fleet seconds between two sweeps */
  readonly observeSeconds: number;
  /** fleet seconds between two readings of CloudWatch; 0 is never */
  readonly cloudwatchSeconds: number;
  /** HTTPS port of the CML servers */
  readonly cmlPort: number;
  /** which of a worker's addresses its CML server is reached at */
  readonly address: 'public' | 'private';
  /** false where no credentials for CML are configured: then only EC2 is observed */
  readonly cmlEnabled: boolean;
  /** percent of the whole host, 0–100: from here on the processor counts as in use */
  readonly cpuIdleBelowPercent: number;
  /** CML servers of one region that are read side by side; default 50 */
  readonly concurrency?: number;
  /** seconds until a reading is too old to rely on; default three sweeps */
  readonly maximalAgeSeconds?: number;
  /** percent of a region's instances that may be gone from one listing to the next without alarm; default 20 */
  readonly shrinkAlarmPercent?: number;
  /** ticks start with the application; off in specs, which run them by hand */
  readonly autostart: boolean;
}

export const TELEMETRY_OPTIONS = Symbol('TelemetryOptions');

/** Fleet milliseconds until a reading of EC2 or CML is too old to rely on. */
export function maximalAgeMs({ observeSeconds, maximalAgeSeconds }: TelemetryOptions): number {
  return (maximalAgeSeconds ?? 3 * observeSeconds) * SECOND;
}

export function signalRules(options: TelemetryOptions): SignalRules {
  return { cpuIdleBelowPercent: options.cpuIdleBelowPercent, maximalAgeMs: maximalAgeMs(options) };
}
