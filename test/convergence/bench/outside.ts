import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type AwsClients } from '../../../src/adapters/aws/aws-clients';
import { Ec2Compute } from '../../../src/adapters/aws/ec2-compute';
import { Ec2InstanceSource } from '../../../src/adapters/aws/ec2-instance-source';
import { awsClientsFor } from '../../../src/adapters/aws/testing/aws-clients';
import { type Lease } from '../../../src/event-store';
import { type CommandContext } from '../../../src/kernel/command-context';
import { type ManualClock } from '../../../src/kernel/clocks';
import { Ec2Recorder } from '../../../src/telemetry/application/ec2-recorder';
import { Ec2Sweep } from '../../../src/telemetry/application/ec2-sweep';
import { type InstanceSource } from '../../../src/telemetry/application/ec2.ports';
import { SignalRecorder } from '../../../src/telemetry/application/signal-recorder';
import { type ObservationStore, type RegionSweepStore, type SignalHistory } from '../../../src/telemetry/domain/ports';
import { OPTIONS } from '../../../src/telemetry/testing/telemetry-bench';
import { type ComputeProvider } from '../../../src/workers';

/** The way to AWS, as one process has it. How the adapters and the sweep are put together is known to this file only. */
export interface Outside {
  readonly compute: ComputeProvider;
  readonly source: InstanceSource;
}

export interface Connection {
  /** For another process; what it keeps in memory begins anew. */
  open(): Outside;
  close(): void;
}

/** @param requestTimeoutMs machine milliseconds after which an answer is given up */
export function connect(
  endpoint: string,
  clock: ManualClock,
  regions: readonly string[],
  requestTimeoutMs: number,
): Connection {
  const clients = awsClientsFor(endpoint, requestTimeoutMs);
  for (const region of regions) repeatAtOnce(clients, region);
  return {
    open: () => ({
      compute: new Ec2Compute(clients, clock, { installationId: 'here', imageOwnerIds: [] }),
      source: new Ec2InstanceSource(clients, clock),
    }),
    close: () => clients.destroy(),
  };
}

/** The SDK repeats as often as it does, but its pauses are machine time, in which nothing happens here. */
function repeatAtOnce(clients: AwsClients, region: string): void {
  const { ec2, sts } = clients.of(region);
  for (const { config } of [ec2, sts]) {
    const make = config.retryStrategy;
    config.retryStrategy = async () => {
      const strategy = await make();
      if (!('refreshRetryTokenForRetry' in strategy)) throw new Error('a retry strategy of an older kind');
      return {
        acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
        recordSuccess: (token) => strategy.recordSuccess(token),
        refreshRetryTokenForRetry: async (token, error) => {
          const next = await strategy.refreshRetryTokenForRetry(token, error);
          return Object.assign(next, { getRetryDelay: () => 0 });
        },
      };
    };
  }
}

interface SweepParts {
  readonly source: InstanceSource;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly observations: ObservationStore;
  readonly history: SignalHistory;
  readonly sweeps: RegionSweepStore;
  readonly clock: ManualClock;
  readonly regions: readonly string[];
}

export interface Sweeper {
  sweepRegion(region: string, lease: Lease, context: CommandContext): Promise<void>;
}

export function sweeperOf(parts: SweepParts): Sweeper {
  const { source, commands, queries, observations, history, sweeps, clock, regions } = parts;
  const options = { ...OPTIONS, regions, cmlEnabled: false };
  const signals = new SignalRecorder(history, options);
  const recorder = new Ec2Recorder(commands, observations, signals, clock, options);
  return new Ec2Sweep(source, recorder, sweeps, queries, clock);
}
