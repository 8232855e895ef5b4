/** EC2's own checks: of the host (`system`) and of the instance; null is what EC2 did not say. */
export interface StatusChecks {
  readonly system: StatusCheck | null;
  readonly instance: StatusCheck | null;
}

export type StatusCheck = 'ok' | 'impaired' | 'initializing' | 'insufficient-data' | 'not-applicable';

/** Something that AWS is going to do to the instance: a reboot, a maintenance, its retirement. */
export interface ScheduledEvent {
  readonly id: string | null;
  /** `instance-retirement`, `instance-stop`, `instance-reboot`, `system-reboot`, `system-maintenance` */
  readonly code: string;
  readonly description: string | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
}

/** What DescribeInstanceStatus says of an instance. */
export interface InstanceHealth {
  readonly checks: StatusChecks;
  /** those that are not over yet */
  readonly scheduledEvents: readonly ScheduledEvent[];
}

/** What the status of a spot request says about an end that is coming. */
export interface SpotInterruption {
  /** `marked-for-stop`, `marked-for-termination`, `instance-terminated-no-capacity`, … */
  readonly code: string;
  readonly message: string;
}
