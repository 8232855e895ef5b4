import { type MachineClock, SECOND } from '../../../kernel/clocks';
import { AwsError } from '../aws-error';
import { QueryParams } from '../wire/query-params';

interface Limit {
  readonly size: number;
  /** tokens a second */
  readonly refill: number;
}

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const READS: Limit = { size: 100, refill: 20 };
const UNFILTERED_READS: Limit = { size: 50, refill: 10 };
const CHANGES: Limit = { size: 50, refill: 5 };
const REQUESTS: Readonly<Record<string, Limit>> = {
  RunInstances: { size: 5, refill: 2 },
  StartInstances: { size: 5, refill: 2 },
  TerminateInstances: { size: 100, refill: 5 },
  CreateTags: { size: 100, refill: 10 },
  DeleteTags: { size: 100, refill: 10 },
  GetMetricData: { size: 50, refill: 50 },
};
/** instances, on top of the requests */
const RESOURCES: Readonly<Record<string, Limit>> = {
  RunInstances: { size: 1000, refill: 2 },
  StartInstances: { size: 1000, refill: 2 },
  StopInstances: { size: 1000, refill: 20 },
  TerminateInstances: { size: 1000, refill: 20 },
};
/** reads that cost more where they ask for everything at once */
const GREEDY = new Set([
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeVolumes',
  'DescribeSnapshots',
  'DescribeSecurityGroups',
]);

/** A call, as the throttle counts it. */
export interface CountedCall {
  readonly service: string;
  readonly accountId: string;
  readonly region: string;
  readonly action: string;
  readonly input: QueryParams | Readonly<Record<string, unknown>>;
}

/** The token buckets of EC2 and CloudWatch: one per account, region and API, full at the start. */
export class Throttle {
  enabled: boolean;
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly machine: MachineClock,
    enabled: boolean,
  ) {
    this.enabled = enabled;
  }

  /** Takes the tokens of a call. @throws AwsError RequestLimitExceeded of EC2, ThrottlingException of CloudWatch */
  admit(call: CountedCall): void {
    if (!this.enabled || call.service === 'sts') return;
    const key = `${call.accountId}|${call.region}|${call.action}`;
    const [kind, limit] = requestLimit(call);
    if (!this.take(`${key}|${kind}`, limit, 1)) throw refusal(call.service);
    const resources = RESOURCES[call.action];
    if (resources && !this.take(`${key}|instances`, resources, instancesOf(call)))
      throw refusal(call.service);
  }

  private take(key: string, { size, refill }: Limit, count: number): boolean {
    const now = this.machine.now().getTime();
    const before = this.buckets.get(key) ?? { tokens: size, at: now };
    const tokens = Math.min(size, before.tokens + ((now - before.at) / SECOND) * refill);
    const enough = tokens >= count;
    this.buckets.set(key, { tokens: enough ? tokens - count : tokens, at: now });
    return enough;
  }
}

function requestLimit({ action, input }: CountedCall): [kind: string, Limit] {
  const own = REQUESTS[action];
  if (own) return ['requests', own];
  if (!action.startsWith('Describe')) return ['requests', CHANGES];
  const modest =
    input instanceof QueryParams &&
    ['MaxResults', 'NextToken', 'Filter.1.Name'].some((name) => input.get(name) !== null);
  return modest || !GREEDY.has(action) ? ['requests', READS] : ['unfiltered', UNFILTERED_READS];
}

function instancesOf({ action, input }: CountedCall): number {
  if (!(input instanceof QueryParams)) return 0;
  return action === 'RunInstances' ? Number(input.get('MaxCount') ?? 1) : input.list('InstanceId').length;
}

function refusal(service: string): AwsError {
  return service === 'ec2'
    ? new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503)
    : new AwsError('ThrottlingException', 'Rate exceeded', 400);
}
