/** One of the blocks `register_time`, `renew_time`; none of CML's servers fills all of it. */
export interface TimeInfo {
  readonly succeeded: Date | null;
  readonly attempted: Date | null;
  readonly scheduled: Date | null;
  readonly status: string | null;
  readonly failure: string | null;
  readonly success: string | null;
}

export const NEVER: TimeInfo = {
  ...{ succeeded: null, attempted: null, scheduled: null },
  ...{ status: null, failure: null, success: null },
};

/** As it stands in a server that has not renewed yet: `success` is FAILED though nothing failed ([P] example). */
export function firstRenewal(scheduled: Date): TimeInfo {
  return { ...NEVER, scheduled, status: 'NOT STARTED', success: 'FAILED' };
}

/** `2026-04-14 00:55:21`: UTC without saying so, and not what the contract promises ([L]). */
export function smartTime(time: Date | null): string | null {
  return time && time.toISOString().slice(0, 19).replace('T', ' ');
}

export function timeBody({ succeeded, attempted, scheduled, ...words }: TimeInfo) {
  return {
    succeeded: smartTime(succeeded),
    attempted: smartTime(attempted),
    scheduled: smartTime(scheduled),
    ...words,
  };
}
