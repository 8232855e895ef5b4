import { kind, type ProblemKind } from './problem-kind';

/** Problems with who may use which worker, and with requests for one. */
export const ASSIGNMENT_PROBLEMS = {
  'assignment-not-found': kind(
    404,
    'No such assignment',
    'There is no assignment with this id that you may see. GET /api/v1/assignments lists those.',
  ),
  'request-not-found': kind(
    404,
    'No such request',
    'There is no request for a worker with this id that you may see. GET /api/v1/requests lists those.',
  ),
  'assignment-overlaps': kind(
    409,
    'Assigned already',
    'The user has this worker, or this lab on it, in that time already: `assignmentId` names the assignment. End it first, or begin after it.',
  ),
  'quota-exceeded': kind(
    409,
    'Quota exceeded',
    'The user would have more workers at the same moment than the quota allows. Give one back first, or have an admin raise the quota.',
  ),
  'requests-not-offered': kind(
    409,
    'No workers on request',
    'This installation gives no workers on request: FLEET_REQUEST_TAGS names none. An admin can assign you one.',
  ),
  'request-ended': kind(
    409,
    'Request has ended',
    'It failed or expired already: there is nothing left to cancel.',
  ),
} as const satisfies Record<string, ProblemKind>;
