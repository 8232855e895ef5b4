import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type AwsClients } from '../../../src/adapters/aws/aws-clients';
import { Ec2Compute } from '../../../src/adapters/aws/ec2-compute';
import { Ec2InstanceSource } from '../../../src/adapters/aws/ec2-instance-source';
import { awsClientsFor } from '../../../src/adapters/aws/testing/aws-clients';
import { type Lease } from '../../../src/event-store';
import { type CommandContext } from '../../../src/kernel/command-context';
import { type ManualClock, plus } from '../../../src/kernel/clocks';
import { Timers } from '../../../src/kernel/timers';
import { Ec2Reader } from '../../../src/telemetry/application/ec2-reader';
import { Ec2Recorder } from '../../../src/telemetry/application/ec2-recorder';
import { Ec2Sweep } from '../../../src/telemetry/application/ec2-sweep';
import { type InstanceSource } from '../../../src/telemetry/application/ec2.ports';
import { RegionJournal } from '../../../src/telemetry/application/region-journal';
import { SignalRecorder } from '../../../src/telemetry/application/signal-recorder';
import {
  type ObservationStore,
  type RegionSweepStore,
  type SignalHistory,
} from '../../../src/telemetry/domain/ports';
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
  const timers = new PassingTimers(clock);
  const clients = awsClientsFor(endpoint, requestTimeoutMs, { machine: clock, timers });
  for (const region of regions) repeatAtOnce(clients, region);
  return {
    open: () => ({
      compute: new Ec2Compute(clients, clock, { installationId: 'here', imageOwnerIds: [] }),
      source: new Ec2InstanceSource(clients, clock),
    }),
    close: () => clients.destroy(),
  };
}

/** What waits, waits for nothing else: the time passes at once. */
class PassingTimers extends Timers {
  constructor(private readonly clock: ManualClock) {
    super();
  }

  after(ms: number, call: () => void): () => void {
    const due = plus(this.clock.now(), ms);
    const timer = setImmediate(() => {
      if (this.clock.now() < due) this.clock.set(due);
      call();
    });
    return () => clearImmediate(timer);
  }
}

/** The SDK repeats as often as it does, but its pauses are machine time, in which nothing happens here. */
function repeatAtOnce(clients: AwsClients, region: string): void {
  const made = [clients.of(region, 'command'), clients.of(region, 'sweep')];
  for (const { config } of made.flatMap(({ ec2, sts }) => [ec2, sts])) {
    const make = config.retryStrategy;
    config.retryStrategy = async () => {
      const strategy = (await make()) as Partial<WithPauses>;
      if (!strategy.retryBackoffStrategy) throw new Error('the SDK keeps its pauses elsewhere by now');
      strategy.retryBackoffStrategy.computeNextBackoffDelay = () => 0;
      return strategy as Awaited<ReturnType<typeof make>>;
    };
  }
}

/** The SDK's own strategy, as far as its `ConfiguredRetryStrategy` changes it. */
interface WithPauses {
  readonly retryBackoffStrategy: { computeNextBackoffDelay: (attempt: number) => number };
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
  const options = { ...OPTIONS, regions };
  const signals = new SignalRecorder(history, options, clock);
  const recorder = new Ec2Recorder(commands, observations, signals, clock, options);
  const journal = new RegionJournal(sweeps, options);
  return new Ec2Sweep(new Ec2Reader(source, clock), recorder, journal, observations, queries, clock);
}
