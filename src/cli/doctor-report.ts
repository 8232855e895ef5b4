import { type RegionFindings } from '../adapters/aws/rights/examine-region';
import { type Policy, policyFor } from '../adapters/aws/rights/policy';

/** AWS refuses requests whose time is 5 minutes off (AWS general reference, "Signing AWS API requests"). */
const REFUSED_AHEAD_SECONDS = 300;
/** More than the network and a rounded second can make. */
const NOTICED_AHEAD_SECONDS = 5;

export interface DatabaseFindings {
  /** null where the application keeps nothing in a database */
  readonly version: string | null;
  readonly failure: string | null;
}

export interface DoctorFindings {
  /** sentences that name what is wrong with the settings */
  readonly faults: readonly string[];
  /** what is allowed but probably not meant */
  readonly warnings: readonly string[];
  readonly database: DatabaseFindings;
  readonly regions: readonly RegionFindings[];
}

export interface DoctorReport extends DoctorFindings {
  /** nothing is missing, as far as one can tell */
  readonly ok: boolean;
  /** what to add to the policy in each region; without regions in which nothing is missing */
  readonly toAdd: readonly { readonly region: string; readonly policy: Policy }[];
}

export function reportOf(findings: DoctorFindings): DoctorReport {
  const { faults, warnings, database, regions } = findings;
  const toAdd = regions
    .map((found) => ({ region: found.region, actions: actionsThatAre('missing', found) }))
    .filter(({ actions }) => actions.length > 0)
    .map(({ region, actions }) => ({ region, policy: policyFor(new Set(actions)) }));
  const clocks = regions.flatMap(({ region, clockAheadSeconds }) => {
    if (clockAheadSeconds === null || Math.abs(clockAheadSeconds) <= NOTICED_AHEAD_SECONDS) return [];
    const seconds = `${Math.abs(clockAheadSeconds)} s ${clockAheadSeconds > 0 ? 'ahead of' : 'behind'}`;
    return `the clock of this machine is ${seconds} AWS's in ${region}: set it by NTP`;
  });
  const ok =
    faults.length === 0 &&
    database.failure === null &&
    toAdd.length === 0 &&
    regions.every(({ identity, clockAheadSeconds }) => {
      return identity !== null && Math.abs(clockAheadSeconds ?? 0) < REFUSED_AHEAD_SECONDS;
    });
  return { ok, faults, warnings: [...warnings, ...clocks], database, regions, toAdd };
}

export function actionsThatAre(verdict: 'missing' | 'unknown', { rights }: RegionFindings): string[] {
  return rights.filter((right) => right.verdict === verdict).map(({ action }) => action);
}
