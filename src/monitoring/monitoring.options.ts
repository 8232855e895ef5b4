export interface MonitoringOptions {
  readonly regions: readonly string[];
  /** ways to people that are set up: `webhook`, `slack`, `email` */
  readonly noticeChannels: readonly string[];
  /** of this program */
  readonly version: string;
}

export const MONITORING_OPTIONS = Symbol('MonitoringOptions');
