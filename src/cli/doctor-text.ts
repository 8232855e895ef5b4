import { type RegionFindings } from '../adapters/aws/rights/examine-region';
import { type Verdict } from '../adapters/aws/rights/right-verdict';
import { type DoctorReport } from './doctor-report';

const WORDS: Readonly<Record<Verdict, string>> = { ok: 'ok', missing: 'MISSING', unknown: 'cannot tell' };

/** The report as people read it. */
export function doctorText(report: DoctorReport): string {
  const { faults, warnings, database, regions, ok, toAdd } = report;
  const databaseIs = database.failure ?? database.version ?? 'none, FLEET_PERSISTENCE is memory';
  const unknown = regions.some(({ rights }) => rights.some(({ verdict }) => verdict === 'unknown'));
  return [
    `settings   ${faults.length === 0 ? 'fit together' : 'CANNOT BE USED'}`,
    ...faults.map((fault) => `           - ${fault}`),
    `database   ${database.failure === null ? '' : 'FAILED: '}${databaseIs}`,
    ...regions.flatMap(regionLines),
    ...warnings.map((warning) => `warning    ${warning}`),
    ...(regions.length > 0 ? ['', ...rightsTable(regions)] : []),
    ...reasons('missing', 'MISSING, and what does not go without it:', regions),
    ...reasons('unknown', 'CANNOT TELL, and why:', regions),
    ...toAdd.flatMap(({ region, policy }) => [
      '',
      `To be added to the policy of our identity for ${region}, if it is not there yet:`,
      JSON.stringify(policy, null, 2),
    ]),
    '',
    ok ? `Nothing is missing${unknown ? ', as far as one can tell' : ''}.` : 'SOMETHING IS MISSING.',
  ].join('\n');
}

function regionLines({ region, identity, refusal, clockAheadSeconds }: RegionFindings): string[] {
  if (!identity) return [`${region}  NOT LET IN: ${refusal ?? 'unknown'}`];
  const ahead = clockAheadSeconds ?? 0;
  const clock = clockAheadSeconds === null ? 'unknown' : `${ahead < 0 ? '' : '+'}${ahead} s`;
  return [`${region}  account ${identity.accountId}, ${identity.arn}; our clock against AWS's: ${clock}`];
}

function rightsTable(regions: readonly RegionFindings[]): string[] {
  const actions = regions[0]?.rights.map(({ action }) => action) ?? [];
  const wide = Math.max('right'.length, ...actions.map(({ length }) => length));
  const columns = regions.map(({ region }) => Math.max(region.length, WORDS.unknown.length));
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(wide), ...cells.map((cell, index) => cell.padEnd(columns[index] ?? 0))].join('  ').trimEnd();
  return [
    line(
      'right',
      regions.map(({ region }) => region),
    ),
    ...actions.map((action, row) =>
      line(
        action,
        regions.map(({ rights }) => WORDS[rights[row]?.verdict ?? 'unknown']),
      ),
    ),
  ];
}

/** Each right with its reason; regions in which both are the same share a line. */
function reasons(verdict: Verdict, title: string, regions: readonly RegionFindings[]): string[] {
  const places = new Map<string, string[]>();
  for (const { region, rights } of regions) {
    for (const right of rights.filter((found) => found.verdict === verdict)) {
      const text = `${right.action}: ${right.detail ?? ''}`;
      places.set(text, [...(places.get(text) ?? []), region]);
    }
  }
  if (places.size === 0) return [];
  return ['', title, ...[...places].map(([text, where]) => `  ${text} (${where.join(', ')})`)];
}
