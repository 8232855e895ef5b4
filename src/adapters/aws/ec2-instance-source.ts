import {
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeSpotInstanceRequestsCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { HOUR, type MachineClock, plus } from '../../kernel/clocks';
import { type AboutInstances, type AnswerByIds, InstanceSource, type Listing } from '../../telemetry';
import {
  ComputeError,
  type InstanceHealth,
  type InstanceReading,
  MANAGED_BY,
  MANAGED_BY_TAG,
  type SpotInterruption,
} from '../../workers';
import { type AwsClients } from './aws-clients';
import { withComputeErrors } from './aws-errors';
import { healthOf, interruptionOf } from './instance-health.mapper';
import { readingsOf } from './instance-reading.mapper';
import { idsNamedBy } from './named-ids';
import { readPages } from './paged';

/** EC2's largest page: one call, and one token of its rate limit, for a thousand instances. */
const PAGE_SIZE = 1000;
/** EC2 documents no limit for ids; a smaller chunk keeps what an unknown id spoils small, too. */
const IDS_PER_CALL = 100;
/** The most values that EC2 takes for one filter. */
const FILTER_VALUES = 200;
const BAD_ID_CODES = ['InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'];

/** Instances in bulk, over DescribeInstances, and what else EC2 says about many of them. */
export class Ec2InstanceSource extends InstanceSource {
  private readonly accounts = new Map<string, { readonly id: string; readonly until: Date }>();

  constructor(
    private readonly clients: AwsClients,
    private readonly machine: MachineClock,
  ) {
    super();
  }

  /** EC2 promises no order, and a page may repeat what an earlier one had: the later word on an instance counts. */
  async listManaged(region: string): Promise<Listing> {
    const { ec2 } = this.clients.of(region, 'sweep');
    const Filters = [{ Name: `tag:${MANAGED_BY_TAG}`, Values: [MANAGED_BY] }];
    const call = { action: 'DescribeInstances', region, changes: false };
    const { items, ...answer } = await readPages(call, async (NextToken) => {
      const input = { Filters, MaxResults: PAGE_SIZE, NextToken };
      const page = await ec2.send(new DescribeInstancesCommand(input));
      return { items: readingsOf(page.Reservations), nextToken: page.NextToken };
    });
    const byId = new Map(items.map((reading) => [reading.instanceId, reading]));
    return { ...answer, instances: [...byId.values()] };
  }

  /** Chunk by chunk; one that fails ends it, since the next would most likely fail, too. */
  async listByIds(region: string, ids: readonly string[]): Promise<AnswerByIds> {
    const found: InstanceReading[] = [];
    const notFound: string[] = [];
    for (let from = 0; from < ids.length; from += IDS_PER_CALL) {
      const answer = await this.chunk(region, ids.slice(from, from + IDS_PER_CALL));
      found.push(...answer.found);
      notFound.push(...answer.notFound);
      if (answer.error) return { found, notFound, error: answer.error };
    }
    return { found, notFound, error: null };
  }

  /** Of running instances only, which is EC2's default. It has no filter by tag, so those of others are read over. */
  async health(region: string): Promise<AboutInstances<InstanceHealth>> {
    const { ec2 } = this.clients.of(region, 'sweep');
    const call = { action: 'DescribeInstanceStatus', region, changes: false };
    const { items, error } = await readPages(call, async (NextToken) => {
      const page = await ec2.send(new DescribeInstanceStatusCommand({ MaxResults: PAGE_SIZE, NextToken }));
      return { items: page.InstanceStatuses ?? [], nextToken: page.NextToken };
    });
    const named = items.flatMap((status): [string, InstanceHealth][] =>
      status.InstanceId ? [[status.InstanceId, healthOf(status)]] : [],
    );
    return { byInstance: new Map(named), error };
  }

  async interruptions(
    region: string,
    instanceIds: readonly string[],
  ): Promise<AboutInstances<SpotInterruption>> {
    const byInstance = new Map<string, SpotInterruption>();
    for (let from = 0; from < instanceIds.length; from += FILTER_VALUES) {
      const error = await this.interruptionsOf(
        region,
        instanceIds.slice(from, from + FILTER_VALUES),
        byInstance,
      );
      if (error) return { byInstance, error };
    }
    return { byInstance, error: null };
  }

  async accountId(region: string): Promise<string> {
    const known = this.accounts.get(region);
    if (known && this.machine.now() < known.until) return known.id;
    const id = await this.askForAccount(region);
    this.accounts.set(region, { id, until: plus(this.machine.now(), HOUR) });
    return id;
  }

  private async interruptionsOf(
    region: string,
    Values: string[],
    byInstance: Map<string, SpotInterruption>,
  ): Promise<ComputeError | null> {
    const { ec2 } = this.clients.of(region, 'sweep');
    const call = { action: 'DescribeSpotInstanceRequests', region, changes: false };
    const Filters = [{ Name: 'instance-id', Values }];
    const { items, error } = await readPages(call, async (NextToken) => {
      const input = { Filters, MaxResults: PAGE_SIZE, NextToken };
      const page = await ec2.send(new DescribeSpotInstanceRequestsCommand(input));
      return { items: page.SpotInstanceRequests ?? [], nextToken: page.NextToken };
    });
    for (const request of items) {
      const interruption = interruptionOf(request);
      if (request.InstanceId && interruption) byInstance.set(request.InstanceId, interruption);
    }
    return error;
  }

  /** One unknown id makes EC2 refuse all: those that its message names are left out, and the rest is asked again. */
  private async chunk(region: string, ids: readonly string[]): Promise<AnswerByIds> {
    let asked = [...ids];
    const notFound: string[] = [];
    while (asked.length > 0) {
      try {
        return { found: await this.describe(region, asked), notFound, error: null };
      } catch (error) {
        if (!(error instanceof ComputeError)) throw error;
        const bad = badIds(error, asked);
        if (bad.length === 0) return { found: [], notFound, error };
        notFound.push(...bad);
        asked = asked.filter((id) => !bad.includes(id));
      }
    }
    return { found: [], notFound, error: null };
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
function badIds(error: ComputeError, asked: readonly string[]): string[] {
  return BAD_ID_CODES.includes(error.awsCode) ? idsNamedBy(error, asked) : [];
}
