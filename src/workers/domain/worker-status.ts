/** The infrastructure's state, AWS's concern. It moves by observation only; what people want is DesiredState. */
export const CMLWorkerStatus = {
  /** being launched or started */
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  STOPPING: 'STOPPING',
  STOPPED: 'STOPPED',
  /** being terminated */
  SHUTTING_DOWN: 'SHUTTING_DOWN',
  TERMINATED: 'TERMINATED',
  /** cannot be determined */
  UNKNOWN: 'UNKNOWN',
} as const;
export type CMLWorkerStatus = (typeof CMLWorkerStatus)[keyof typeof CMLWorkerStatus];

/** The application's state: CML's concern. */
export const CMLServiceStatus = {
  UNAVAILABLE: 'UNAVAILABLE',
  STARTING: 'STARTING',
  /** HTTPS answers and is usable */
  AVAILABLE: 'AVAILABLE',
  /** answers but is unhealthy, or did not come up within its boot budget */
  ERROR: 'ERROR',
} as const;
export type CMLServiceStatus = (typeof CMLServiceStatus)[keyof typeof CMLServiceStatus];

export const LicenseStatus = {
  UNREGISTERED: 'UNREGISTERED',
  REGISTERED: 'REGISTERED',
  EVALUATION: 'EVALUATION',
  EXPIRED: 'EXPIRED',
  INVALID: 'INVALID',
} as const;
export type LicenseStatus = (typeof LicenseStatus)[keyof typeof LicenseStatus];

/** What people want of a worker. */
export const DesiredState = { RUNNING: 'RUNNING', STOPPED: 'STOPPED', TERMINATED: 'TERMINATED' } as const;
export type DesiredState = (typeof DesiredState)[keyof typeof DesiredState];

/** EC2's instance states, each to ours. */
export const STATUS_OF_EC2_STATE: Readonly<Record<string, CMLWorkerStatus>> = {
  pending: 'PENDING',
  running: 'RUNNING',
  stopping: 'STOPPING',
  stopped: 'STOPPED',
  'shutting-down': 'SHUTTING_DOWN',
  terminated: 'TERMINATED',
};

/** The states in which nothing runs, or soon will not: what was read of CML before is no longer so. */
const DOWN: readonly CMLWorkerStatus[] = ['STOPPING', 'STOPPED', 'SHUTTING_DOWN', 'TERMINATED'];

export function isDown(status: CMLWorkerStatus): boolean {
  return DOWN.includes(status);
}

/**
 * The states that can follow EC2's answer to a call of ours, the answered one included. A reading of another state
 * contradicts the answer; EC2's read side lags, so for a while the answer is believed and not the reading.
 */
export const CONSISTENT_WITH_ANSWER: Readonly<Record<CMLWorkerStatus, readonly CMLWorkerStatus[]>> = {
  PENDING: ['PENDING', 'RUNNING', 'SHUTTING_DOWN', 'TERMINATED'],
  RUNNING: ['RUNNING', 'STOPPING', 'STOPPED', 'SHUTTING_DOWN', 'TERMINATED'],
  STOPPING: ['STOPPING', 'STOPPED', 'SHUTTING_DOWN', 'TERMINATED'],
  STOPPED: ['STOPPED', 'PENDING', 'RUNNING', 'SHUTTING_DOWN', 'TERMINATED'],
  SHUTTING_DOWN: ['SHUTTING_DOWN', 'TERMINATED'],
  TERMINATED: ['TERMINATED'],
  UNKNOWN: ['PENDING', 'RUNNING', 'STOPPING', 'STOPPED', 'SHUTTING_DOWN', 'TERMINATED', 'UNKNOWN'],
};

/** The status at which an intent is fulfilled. */
export const FULFILLED_BY: Readonly<Record<DesiredState, CMLWorkerStatus>> = {
  RUNNING: 'RUNNING',
  STOPPED: 'STOPPED',
  TERMINATED: 'TERMINATED',
};
