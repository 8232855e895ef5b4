import { DescribeInstancesCommand, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { HOUR, type MachineClock, plus } from '../../kernel/clocks';
import { InstanceSource } from '../../telemetry';
import { ComputeError, type InstanceReading, MANAGED_BY, MANAGED_BY_TAG } from '../../workers';
import { type AwsClients } from './aws-clients';
import { withComputeErrors } from './aws-errors';
import { readingsOf } from './instance-reading.mapper';
import { idsNamedBy } from './named-ids';

/** EC2's largest page: one call, and one token of its rate limit, for a thousand instances. */
const PAGE_SIZE = 1000;
/** EC2 documents no limit for ids; a smaller chunk keeps what an unknown id spoils small, too. */
const IDS_PER_CALL = 100;
const BAD_ID_CODES = ['InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'];

interface ByIds {
  readonly found: InstanceReading[];
  readonly notFound: string[];
}

/** Instances in bulk, over DescribeInstances. */
export class Ec2InstanceSource extends InstanceSource {
  private readonly accounts = new Map<string, { readonly id: string; readonly until: Date }>();

  constructor(
    private readonly clients: AwsClients,
    private readonly machine: MachineClock,
  ) {
    super();
  }

  listManaged(region: string): Promise<InstanceReading[]> {
    return withComputeErrors({ action: 'DescribeInstances', region, changes: false }, async () => {
      const { ec2: client } = this.clients.of(region, 'sweep');
      const Filters = [{ Name: `tag:${MANAGED_BY_TAG}`, Values: [MANAGED_BY] }];
      const readings: InstanceReading[] = [];
      for await (const page of paginateDescribeInstances({ client, pageSize: PAGE_SIZE }, { Filters })) {
        readings.push(...readingsOf(page.Reservations));
      }
      return readings;
    });
  }

  async listByIds(region: string, ids: readonly string[]): Promise<ByIds> {
    const answer: ByIds = { found: [], notFound: [] };
    for (let from = 0; from < ids.length; from += IDS_PER_CALL) {
      const { found, notFound } = await this.chunk(region, ids.slice(from, from + IDS_PER_CALL));
      answer.found.push(...found);
      answer.notFound.push(...notFound);
    }
    return answer;
  }

  async accountId(region: string): Promise<string> {
    const known = this.accounts.get(region);
    if (known && this.machine.now() < known.until) return known.id;
    const id = await this.askForAccount(region);
    this.accounts.set(region, { id, until: plus(this.machine.now(), HOUR) });
    return id;
  }

  /** One unknown id makes EC2 refuse all: those that its message names are left out, and the rest is asked again. */
  private async chunk(region: string, ids: readonly string[]): Promise<ByIds> {
    let asked = [...ids];
    const notFound: string[] = [];
    while (asked.length > 0) {
      try {
        return { found: await this.describe(region, asked), notFound };
      } catch (error) {
        const bad = badIds(error, asked);
        if (bad.length === 0) throw error;
        notFound.push(...bad);
        asked = asked.filter((id) => !bad.includes(id));
      }
    }
    return { found: [], notFound };
  }

  private describe(region: string, InstanceIds: string[]): Promise<InstanceReading[]> {
    return withComputeErrors({ action: 'DescribeInstances', region, changes: false }, async () => {
      const command = new DescribeInstancesCommand({ InstanceIds });
      return readingsOf((await this.clients.of(region, 'sweep').ec2.send(command)).Reservations);
    });
  }

  private askForAccount(region: string): Promise<string> {
    return withComputeErrors({ action: 'GetCallerIdentity', region, changes: false }, async () => {
      const { Account } = await this.clients.of(region, 'sweep').sts.send(new GetCallerIdentityCommand({}));
      if (!Account) throw new Error('the answer names no account');
      return Account;
    });
  }
}

/** The ids that EC2 complains about; none where the error is about something else. */
function badIds(error: unknown, asked: readonly string[]): string[] {
  if (!(error instanceof ComputeError) || !BAD_ID_CODES.includes(error.awsCode)) return [];
  return idsNamedBy(error, asked);
}
