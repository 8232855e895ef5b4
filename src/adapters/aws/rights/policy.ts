import { INSTALLATION_TAG, MANAGED_BY, MANAGED_BY_TAG, WORKER_TAG } from '../../../workers';

/** As IAM writes it (IAM user guide, "IAM JSON policy reference"). */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: PolicyStatement['Condition'],
): PolicyStatement => ({ Sid, Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) });

const ours = (kind: string) => `arn:aws:ec2:*:*:${kind}/*`;
const LAUNCHED = ['instance', 'volume', 'spot-instances-request'].map(ours);

/** What is managed already; EC2 checks it against the tags that the resource has. */
const MANAGED = { [`aws:ResourceTag/${MANAGED_BY_TAG}`]: MANAGED_BY };
/** What becomes managed by the call; EC2 checks it against the tags that the call gives. */
const BECOMES_MANAGED = { [`aws:RequestTag/${MANAGED_BY_TAG}`]: MANAGED_BY };

/**
 * All that cml-fleet asks of AWS, and no more. It touches only what is tagged as managed, and can neither give that tag to
 * a foreign instance nor take it from one of its own. Conditions by the "Service authorization reference" of EC2.
 */
const STATEMENTS: readonly PolicyStatement[] = [
  allow(
    'Observe',
    [
      ...['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'ec2:DescribeImages', 'ec2:DescribeSubnets'],
      ...['ec2:DescribeVolumes', 'ec2:DescribeAddresses', 'ec2:DescribeSpotInstanceRequests'],
    ],
    ['*'],
  ),
  allow('Metrics', ['cloudwatch:GetMetricData'], ['*']),
  allow('LaunchTaggedInstances', ['ec2:RunInstances'], [ours('instance')], {
    StringEquals: { ...BECOMES_MANAGED, 'ec2:MetadataHttpTokens': 'required' },
  }),
  allow('LaunchWithTagged', ['ec2:RunInstances'], LAUNCHED.slice(1), { StringEquals: BECOMES_MANAGED }),
  allow(
    'LaunchFromAndInto',
    ['ec2:RunInstances'],
    ['arn:aws:ec2:*::image/*', ...['subnet', 'security-group', 'network-interface', 'key-pair'].map(ours)],
  ),
  allow('TagAtLaunch', ['ec2:CreateTags'], LAUNCHED, {
    StringEquals: { 'ec2:CreateAction': 'RunInstances' },
  }),
  allow(
    'LifeCycleOfManagedInstances',
    [...['ec2:StartInstances', 'ec2:StopInstances', 'ec2:TerminateInstances'], 'ec2:ModifyInstanceAttribute'],
    [ours('instance')],
    { StringEquals: MANAGED },
  ),
  allow(
    'MarkImportedInstances',
    ['ec2:CreateTags'],
    // an imported spot instance has a request, which an admin tagged first as well
    ['instance', 'spot-instances-request'].map(ours),
    {
      StringEquals: { ...MANAGED, ...BECOMES_MANAGED },
      'ForAllValues:StringEquals': { 'aws:TagKeys': [MANAGED_BY_TAG, WORKER_TAG, INSTALLATION_TAG] },
    },
  ),
  allow('TagManagedInstances', ['ec2:CreateTags', 'ec2:DeleteTags'], [ours('instance')], {
    StringEquals: MANAGED,
    'ForAllValues:StringNotEquals': { 'aws:TagKeys': [MANAGED_BY_TAG] },
  }),
  allow('CancelManagedSpotRequests', ['ec2:CancelSpotInstanceRequests'], [ours('spot-instances-request')], {
    StringEquals: MANAGED,
  }),
  allow('RemoveWhatIsLeft', ['ec2:DeleteVolume'], [ours('volume')], { StringEquals: MANAGED }),
  allow('ReleaseWhatIsLeft', ['ec2:ReleaseAddress'], [ours('elastic-ip')], { StringEquals: MANAGED }),
];

/** The whole policy, or what of it grants these actions: `ec2:StartInstances`. */
export function policyFor(actions: ReadonlySet<string> | null = null): Policy {
  const Statement = STATEMENTS.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((action) => actions === null || actions.has(action)),
  })).filter(({ Action }) => Action.length > 0);
  return { Version: '2012-10-17', Statement };
}

/** Every action that the policy grants. */
export function grantedActions(): string[] {
  return [...new Set(STATEMENTS.flatMap(({ Action }) => Action))];
}
