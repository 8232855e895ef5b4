import { eventOf } from '../../kernel/domain-event';

/**
 * What people asked for the labs of one worker; the aggregate is the worker's id. Who else starts and stops labs, on the
 * CML server itself, is no event: it is only observed (lab-change.ts).
 */
export const LAB_REQUESTS = ['start', 'stop'] as const;
export type LabRequest = (typeof LAB_REQUESTS)[number];

/** A lab as it was when somebody asked something of it. */
export interface AskedLab {
  readonly labId: string;
  readonly title: string | null;
  readonly owner: string | null;
}

/** `unknown`: CML did not answer, so nobody knows whether it does it. `not-found`: the lab was gone. */
export type LabAnswer = 'accepted' | 'refused' | 'not-found' | 'unknown';

type Requested = { readonly requestedAt: Date; readonly requestedBy: string };

/** Stored before CML is asked. Without `labs.request-answered` after it nobody knows whether it was done. */
export class LabStartRequested extends eventOf('labs.start-requested')<AskedLab & Requested> {}

/** As above. */
export class LabStopRequested extends eventOf('labs.stop-requested')<AskedLab & Requested> {}

/** All labs of the worker; an operation stops them one after the other. */
export class AllLabsStopRequested extends eventOf('labs.stop-all-requested')<Requested> {}

/** What CML said to a request. Accepted is not done: nodes go up and down one by one. */
export class LabRequestAnswered extends eventOf('labs.request-answered')<{
  readonly labId: string;
  readonly request: LabRequest;
  readonly answer: LabAnswer;
  /** CML's words, or ours about the connection; null where it was accepted */
  readonly message: string | null;
  readonly answeredAt: Date;
}> {}

export type LabEvent = LabStartRequested | LabStopRequested | AllLabsStopRequested | LabRequestAnswered;

export const LAB_EVENTS = [
  LabStartRequested,
  LabStopRequested,
  AllLabsStopRequested,
  LabRequestAnswered,
] as const;
