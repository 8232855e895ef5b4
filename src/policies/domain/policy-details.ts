import { type InputFault } from '../../kernel/domain-error';

/** Plain data, as it is stored. */
export type Plain =
  null | boolean | number | string | readonly Plain[] | { readonly [member: string]: Plain };

/** Values by their names; what is left out comes from a weaker policy. What they mean is the reaper's to know. */
export type GivenValues = Readonly<Record<string, Plain>>;

/** Whose policy it is: that of all workers, of those that it fits or that name it, or of one worker. */
export type PolicyScope = 'fleet' | 'named' | 'worker';

/** Which workers a named policy fits by itself. */
export interface PolicySelector {
  /** the worker has all of these */
  readonly tags: Readonly<Record<string, string>>;
  /** and is in one of these; empty: in any */
  readonly regions: readonly string[];
}

/** What an admin says about a policy. */
export interface PolicyDetails {
  readonly name: string;
  readonly description: string;
  /** null: it holds only for workers that name it */
  readonly selector: PolicySelector | null;
  /** of those that fit a worker, one with a higher priority is the stronger one */
  readonly priority: number;
  readonly values: GivenValues;
  /** of the fleet's policy only: what holds for all stops together */
  readonly fleetRules: GivenValues;
}

/** The fleet's policy, and one worker's own, have no name that people choose. */
export const UNNAMED = { description: '', selector: null, priority: 0, fleetRules: {} } as const;

export const FLEET_POLICY_ID = 'fleet';
const WORKER_PREFIX = 'worker-';

export function workerPolicyId(workerId: string): string {
  return WORKER_PREFIX + workerId;
}

/** Whether a worker is meant by the selector. */
export function fits(
  { tags, regions }: PolicySelector,
  worker: { readonly awsRegion: string; readonly tags: Readonly<Record<string, string>> },
): boolean {
  if (regions.length > 0 && !regions.includes(worker.awsRegion)) return false;
  // asked for each worker and policy in each turn: without a list of entries
  for (const name in tags)
    if (!Object.hasOwn(worker.tags, name) || worker.tags[name] !== tags[name]) return false;
  return true;
}

/** What does not fit together, by pointers into the details. */
export function faultsOf({ selector }: PolicyDetails): InputFault[] {
  const meansAll = selector && Object.keys(selector.tags).length === 0 && selector.regions.length === 0;
  const message = 'names no tag and no region: what is to hold for all workers belongs into the fleet policy';
  return meansAll ? [{ pointer: '/selector', message }] : [];
}
