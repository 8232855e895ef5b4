import { type BucketSize } from './token-bucket';

/**
 * AWS's token buckets for one account and region, in calls (or instances) and per second: the defaults of "Request
 * throttling for the Amazon EC2 API" in the EC2 developer guide, and of GetMetricData in the CloudWatch user guide. STS
 * documents none for GetCallerIdentity; it is asked once an hour.
 *
 * EC2 keeps one for each action. Here all Describe actions share two, and all seldom changes one, which errs on the side
 * of fewer calls. The `…-resources` count instances, on top of the calls.
 */
const AWS_SIZES = {
  'describe-filtered': { capacity: 100, refillPerSecond: 20 },
  'describe-unfiltered': { capacity: 50, refillPerSecond: 10 },
  'run-instances': { capacity: 5, refillPerSecond: 2 },
  'run-resources': { capacity: 1000, refillPerSecond: 2 },
  'start-instances': { capacity: 5, refillPerSecond: 2 },
  'start-resources': { capacity: 1000, refillPerSecond: 2 },
  'stop-instances': { capacity: 50, refillPerSecond: 5 },
  'stop-resources': { capacity: 1000, refillPerSecond: 20 },
  'terminate-instances': { capacity: 100, refillPerSecond: 5 },
  'terminate-resources': { capacity: 1000, refillPerSecond: 20 },
  'other-changes': { capacity: 50, refillPerSecond: 5 },
  tags: { capacity: 100, refillPerSecond: 10 },
  'get-metric-data': { capacity: 50, refillPerSecond: 50 },
  sts: { capacity: 100, refillPerSecond: 20 },
} as const satisfies Record<string, BucketSize>;

export type ApiKind = keyof typeof AWS_SIZES;
export const API_KINDS = Object.keys(AWS_SIZES) as readonly ApiKind[];

/** Our share of AWS's bucket. It holds a token at least, however small the share. */
export function budgetOf(kind: ApiKind, sharePercent: number): BucketSize {
  const { capacity, refillPerSecond } = AWS_SIZES[kind];
  const share = sharePercent / 100;
  return { capacity: Math.max(1, Math.floor(capacity * share)), refillPerSecond: refillPerSecond * share };
}

/** What a call takes of the budgets. */
export interface CallCost {
  readonly kind: ApiKind;
  /** instances, where EC2 counts them, too */
  readonly resources: { readonly kind: ApiKind; readonly count: number } | null;
}

interface KnownInput {
  readonly Filters?: readonly unknown[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly InstanceIds?: readonly string[];
  readonly MaxCount?: number;
}

/** @param action `StopInstances`; @param input as the SDK's command has it */
export function costOf(action: string, input: object): CallCost {
  const { Filters, MaxResults, NextToken, InstanceIds, MaxCount } = input as KnownInput;
  const instances = InstanceIds?.length ?? 1;
  switch (action) {
    case 'RunInstances':
      return { kind: 'run-instances', resources: { kind: 'run-resources', count: MaxCount ?? 1 } };
    case 'StartInstances':
      return { kind: 'start-instances', resources: { kind: 'start-resources', count: instances } };
    case 'StopInstances':
      return { kind: 'stop-instances', resources: { kind: 'stop-resources', count: instances } };
    case 'TerminateInstances':
      return { kind: 'terminate-instances', resources: { kind: 'terminate-resources', count: instances } };
    case 'CreateTags':
    case 'DeleteTags':
      return { kind: 'tags', resources: null };
    case 'GetMetricData':
      return { kind: 'get-metric-data', resources: null };
    case 'GetCallerIdentity':
      return { kind: 'sts', resources: null };
  }
  if (changesSomething(action)) return { kind: 'other-changes', resources: null };
  const narrowed = Filters !== undefined || MaxResults !== undefined || NextToken !== undefined;
  return { kind: narrowed ? 'describe-filtered' : 'describe-unfiltered', resources: null };
}

export function changesSomething(action: string): boolean {
  return !/^(Describe|Get|List)/.test(action);
}
