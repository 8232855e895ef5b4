import { type WantedTag } from '../domain/worker-request-state';

export const ASSIGNMENTS_OPTIONS = Symbol('AssignmentsOptions');

export interface AssignmentsOptions {
  /** how many assignments a user may have at the same moment, whom nobody gave a quota of his own */
  readonly userWorkers: number;
  /** what a worker must carry to be given on request; with none of them nothing is */
  readonly requestTags: readonly WantedTag[];
  /** users whom a worker may have at once for another one to get it by request */
  readonly usersPerWorker: number;
  /** for how long somebody may request a worker, at most */
  readonly maxHours: number;
}
