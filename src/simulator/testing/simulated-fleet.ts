import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  EC2Client,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { ManualClock, MINUTE, SECOND } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { type Simulator, type SimulatorOptions, startSimulator } from '../start-simulator';

export const REGION = 'eu-west-1';
export const ACCOUNT = '123456789012';
export const CML = { username: 'fleet', password: 'right-password' };
export const START = new Date('2026-11-23T08:00:00.000Z');

/** A simulator on a clock that stands still, and the SDK's clients for it. */
export interface SimulatedFleet extends Simulator {
  readonly clock: ManualClock;
  /** the same moment as `clock` at the start, moved by itself: the life of CML tokens */
  readonly machine: ManualClock;
  /** @param maxAttempts 1: no silent repetition */
  ec2(region?: string, maxAttempts?: number): EC2Client;
  /** Launches one CML instance and returns its id. */
  launch(name: string, input?: Partial<RunInstancesCommandInput>): Promise<string>;
  /** DescribeInstances without its reservations. */
  describe(input?: DescribeInstancesCommandInput): Promise<Instance[]>;
  /** The state that DescribeInstances shows. */
  stateOf(instanceId: string): Promise<string | undefined>;
  seconds(count: number): void;
  minutes(count: number): void;
}

export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

export async function startFleet(options: Partial<SimulatorOptions> = {}): Promise<SimulatedFleet> {
  const clock = new ManualClock(START);
  const machine = new ManualClock(START);
  const simulator = await startSimulator({
    clock,
    machine,
    ids: new SequentialIds(),
    regions: [REGION, 'us-east-1'],
    accountId: ACCOUNT,
    cml: CML,
    ...options,
  });
  const { world, awsEndpoint } = simulator;
  const ec2 = (region = REGION, maxAttempts = 1): EC2Client =>
    new EC2Client({ endpoint: awsEndpoint, region, maxAttempts, credentials: CREDENTIALS });
  const describe = async (input: DescribeInstancesCommandInput = {}): Promise<Instance[]> => {
    const { Reservations } = await ec2().send(new DescribeInstancesCommand(input));
    return (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  };
  return {
    ...simulator,
    clock,
    machine,
    ec2,
    describe,
    stateOf: async (instanceId) => (await describe({ InstanceIds: [instanceId] }))[0]?.State?.Name,
    launch: async (name, input = {}) => {
      const answer = await ec2().send(
        new RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          ImageId: world.cmlImage(REGION).id,
          InstanceType: 'c5.2xlarge',
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
          ...input,
        }),
      );
      return answer.Instances?.[0]?.InstanceId ?? '';
    },
    seconds: (count) => clock.advance(count * SECOND),
    minutes: (count) => clock.advance(count * MINUTE),
  };
}

/** Time after which a launched instance runs and its CML is ready, with the default timings. */
export const READY_AFTER_SECONDS = 180;
