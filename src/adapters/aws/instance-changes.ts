import {
  type InstanceStateChange,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { SECOND } from '../../kernel/clocks';
import { type CMLWorkerStatus } from '../../workers';
import { type AwsClients } from './aws-clients';
import { withComputeErrors } from './aws-errors';
import { CallBatcher } from './call-batcher';
import { costOf } from './calls/api-kinds';
import { sentAs } from './calls/sending';
import { statusOf } from './instance-reading.mapper';

/** So long a call waits for the answer to the one before, so that others may join it. EC2 takes well under a second. */
const LONGEST_JOIN_MS = SECOND;

type Change = 'start' | 'stop' | 'force-stop' | 'terminate';
type States = Promise<readonly InstanceStateChange[] | undefined>;

interface Kind {
  readonly action: string;
  readonly most: number;
  readonly send: (clients: ReturnType<AwsClients['of']>, InstanceIds: string[], prepaid: boolean) => States;
}

/** EC2 documents 1000 ids for TerminateInstances and no number for the others; fewer keep what one bad id spoils small. */
const KINDS: Readonly<Record<Change, Kind>> = {
  start: {
    action: 'StartInstances',
    most: 50,
    send: async ({ ec2Once }, InstanceIds, prepaid) =>
      (await ec2Once.send(sentAs(new StartInstancesCommand({ InstanceIds }), { prepaid }))).StartingInstances,
  },
  stop: {
    action: 'StopInstances',
    most: 50,
    send: async ({ ec2 }, InstanceIds, prepaid) =>
      (await ec2.send(sentAs(new StopInstancesCommand({ InstanceIds }), { prepaid }))).StoppingInstances,
  },
  'force-stop': {
    action: 'StopInstances',
    most: 50,
    send: async ({ ec2 }, InstanceIds, prepaid) => {
      const command = new StopInstancesCommand({ InstanceIds, Force: true });
      return (await ec2.send(sentAs(command, { prepaid }))).StoppingInstances;
    },
  },
  terminate: {
    action: 'TerminateInstances',
    most: 100,
    send: async ({ ec2 }, InstanceIds, prepaid) =>
      (await ec2.send(sentAs(new TerminateInstancesCommand({ InstanceIds }), { prepaid })))
        .TerminatingInstances,
  },
};

/** Starts, stops and terminates instances: each is asked for by itself, and sent together with others of its region. */
export class InstanceChanges {
  private readonly batchers = new Map<string, CallBatcher<CMLWorkerStatus>>();

  constructor(private readonly clients: AwsClients) {}

  /** Answers the state that EC2 answers. @throws ComputeError */
  make(change: Change, region: string, awsInstanceId: string): Promise<CMLWorkerStatus> {
    const key = `${change}/${region}`;
    const batcher = this.batchers.get(key) ?? this.batcher(change, region);
    this.batchers.set(key, batcher);
    return batcher.submit(awsInstanceId);
  }

  private batcher(change: Change, region: string): CallBatcher<CMLWorkerStatus> {
    const { action, most, send } = KINDS[change];
    const { clients } = this;
    const cost = costOf(action, {});
    return new CallBatcher<CMLWorkerStatus>({
      most,
      ready: () =>
        clients.calls.requestToken({ region, service: 'ec2', purpose: 'command', cost, notAfter: null }),
      longEnough: (call) => clients.calls.timers.after(LONGEST_JOIN_MS, call),
      send: (ids, waited) =>
        withComputeErrors({ action, region, changes: true }, async () => {
          const states = await send(clients.of(region), [...ids], waited);
          return (id) => statusOf(states?.find(({ InstanceId }) => InstanceId === id)?.CurrentState);
        }),
    });
  }
}
