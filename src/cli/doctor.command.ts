import { AssumedRoles } from '../adapters/aws/assumed-roles';
import { AwsClients } from '../adapters/aws/aws-clients';
import { AwsCalls } from '../adapters/aws/calls/aws-calls';
import { examineRegion, type RegionFindings } from '../adapters/aws/rights/examine-region';
import { NEEDED_RIGHTS } from '../adapters/aws/rights/needed-rights';
import { BadSettings, readSettings } from '../config/read-settings';
import { readSomeSettings } from '../config/read-some-settings';
import { judgeStart } from '../config/secure-start/secure-start';
import { warningsAbout } from '../config/setting-warnings';
import { type Settings } from '../config/settings';
import { SECOND, SystemClock } from '../kernel/clocks';
import { SystemTimers } from '../kernel/timers';
import { type CliCommand, type CliIo, WrongUsage } from './cli-command';
import { type DatabaseFindings, type DoctorFindings, reportOf } from './doctor-report';
import { doctorText } from './doctor-text';
import { withDatabase } from './with-database';

const NEEDED = [
  ...(['FLEET_PERSISTENCE', 'FLEET_MONGODB_URI', 'FLEET_REGIONS', 'FLEET_CLOUDWATCH_SECONDS'] as const),
  ...(['FLEET_AWS_ASSUME_ROLES', 'FLEET_AWS_EXTERNAL_ID'] as const),
] as const;

type NeededSettings = Pick<Settings, (typeof NEEDED)[number]>;

export const DOCTOR: CliCommand = {
  name: 'doctor',
  summary: 'says whether settings, database, AWS credentials and each right in AWS are as they must be',
  help: `  --region <name>   only this region of FLEET_REGIONS
  --json            the report as JSON

Changes nothing: it asks AWS by dry runs and by calls that only read. Rights that hang on the tag
managed-by=cml-fleet are tried on a managed instance; where there is none yet, it may not be able to tell.
Exit status 1 when something is missing; 0 when all is well, or nobody can tell (which it says).`,
  options: { region: { type: 'string' }, json: { type: 'boolean' } },
  async run({ region, json }, io) {
    const { settings, faults, warnings } = settingsOf(io.env);
    const findings: DoctorFindings = {
      ...{ faults, warnings },
      database: await examineDatabase(settings),
      regions: await examineRegions(settings, regionsOf(settings, region), io),
    };
    const report = reportOf(findings);
    io.out(json === true ? JSON.stringify(report, null, 2) : doctorText(report));
    return report.ok ? 0 : 1;
  },
};

/** Settings that the application refuses are a finding; the rest is examined all the same. @throws BadSettings */
function settingsOf(env: CliIo['env']): Pick<DoctorFindings, 'faults' | 'warnings'> & {
  readonly settings: NeededSettings;
} {
  try {
    const settings = readSettings(env);
    const { refused, accepted } = judgeStart(settings, env);
    return { settings, faults: refused, warnings: [...warningsAbout(settings), ...accepted] };
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error;
    return { settings: readSomeSettings(env, NEEDED), faults: error.faults, warnings: [] };
  }
}

/** @throws WrongUsage */
function regionsOf({ FLEET_REGIONS }: NeededSettings, region: string | boolean | undefined): string[] {
  if (typeof region !== 'string') return FLEET_REGIONS;
  if (FLEET_REGIONS.includes(region)) return [region];
  throw new WrongUsage(`${region} is not one of FLEET_REGIONS: ${FLEET_REGIONS.join(', ')}.`);
}

async function examineDatabase(settings: NeededSettings): Promise<DatabaseFindings> {
  if (settings.FLEET_PERSISTENCE !== 'mongo') return { version: null, failure: null };
  try {
    return await withDatabase(settings, async (connection) => {
      const { version } = (await connection.db?.admin().buildInfo()) ?? {};
      return { version: `MongoDB ${String(version)}`, failure: null };
    });
  } catch (error) {
    // the messages of the driver name the host, never the password
    return { version: null, failure: error instanceof Error ? error.message : String(error) };
  }
}

async function examineRegions(
  settings: NeededSettings,
  regions: readonly string[],
  { now }: CliIo,
): Promise<RegionFindings[]> {
  const timeouts = { connectionTimeoutMs: 5 * SECOND, requestTimeoutMs: 10 * SECOND };
  const externalId = settings.FLEET_AWS_EXTERNAL_ID ?? null;
  const roles = new AssumedRoles({ ...timeouts, roles: settings.FLEET_AWS_ASSUME_ROLES, externalId });
  const parts = { machine: new SystemClock(), timers: new SystemTimers(), random: Math.random };
  const calls = new AwsCalls({ ...parts, sharePercent: 100 });
  const clients = new AwsClients({ ...timeouts, roles }, calls);
  const metrics = settings.FLEET_CLOUDWATCH_SECONDS > 0;
  const rights = NEEDED_RIGHTS.filter(({ action }) => metrics || !action.startsWith('cloudwatch:'));
  try {
    return await Promise.all(
      regions.map((region) => examineRegion(clients.of(region), region, { rights, now })),
    );
  } finally {
    clients.destroy();
  }
}
