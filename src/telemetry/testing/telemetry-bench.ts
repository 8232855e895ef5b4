import { type CommandContext, systemContext } from '../../kernel/command-context';
import { ManualClock } from '../../kernel/clocks';
import { SequentialIds } from '../../kernel/ids';
import { ManualTimers } from '../../kernel/timers';
import { CmlAgenda } from '../application/cml-agenda';
import { CmlLanes } from '../application/cml-lanes';
import { CmlListeners } from '../application/cml-listeners';
import { CmlObserver } from '../application/cml-observer';
import { CmlReader } from '../application/cml-reader';
import { CmlRecords } from '../application/cml-records';
import { CmlServers } from '../application/cml-servers';
import { CmlReporter } from '../application/cml-reporter';
import { Ec2Reader } from '../application/ec2-reader';
import { Ec2Recorder } from '../application/ec2-recorder';
import { Ec2Sweep } from '../application/ec2-sweep';
import { ObserveCmlHandler } from '../application/observe-cml.command';
import { ObserveFleetHandler } from '../application/observe-fleet.command';
import { ObserveMetricsHandler } from '../application/observe-metrics.command';
import { ObserveWorkerHandler } from '../application/observe-worker.command';
import { ProbeWorkerHandler } from '../application/probe-worker.command';
import { RegionJournal } from '../application/region-journal';
import { SampleRecorder } from '../application/sample-recorder';
import { SignalRecorder } from '../application/signal-recorder';
import { type TelemetryOptions } from '../application/telemetry.options';
import { type MetricSample } from '../domain/metric-sample';
import { MemoryMetricSamples } from '../persistence/metric-samples.memory-store';
import { MemoryObservationStore } from '../persistence/observation.memory-store';
import { MemoryRegionSweepStore } from '../persistence/region-sweep.memory-store';
import { MemorySignalHistory } from '../persistence/signal-history.memory-store';
import { FakeCloudWatch, FakeEc2 } from './fake-ec2';
import { FakeCml } from './fake-cml';
import { RecordingCommands, WorkersQueries } from './recording-buses';

export const OPTIONS: TelemetryOptions = {
  regions: ['us-east-1', 'eu-west-1'],
  observeSeconds: 60,
  activitySeconds: 120,
  licenseSeconds: 900,
  cloudwatchSeconds: 300,
  cmlPort: 443,
  address: 'public',
  fleetAccount: true,
  cpuIdleBelowPercent: 10,
  autostart: false,
};

export const CONTEXT: CommandContext = systemContext('telemetry', 'sweep-1');

/** Samples in memory that note the sources of each call, or fail. */
class WatchedSamples extends MemoryMetricSamples {
  readonly saved: string[][] = [];
  failing: Error | null = null;

  override save(samples: readonly MetricSample[]): Promise<void> {
    if (this.failing) return Promise.reject(this.failing);
    this.saved.push(samples.map(({ source }) => source));
    return super.save(samples);
  }
}

/** The module's parts as Nest would wire them, over fakes of the outside and stores in memory. */
export function telemetryBench(given: Partial<TelemetryOptions> = {}) {
  const options = { ...OPTIONS, ...given };
  const clock = new ManualClock(new Date('2026-03-02T09:00:00.000Z'));
  const commands = new RecordingCommands();
  const queries = new WorkersQueries();
  const ec2 = new FakeEc2();
  const cml = new FakeCml();
  const cloudWatch = new FakeCloudWatch();
  const observations = new MemoryObservationStore();
  const history = new MemorySignalHistory();
  const sweeps = new MemoryRegionSweepStore();
  const samples = new WatchedSamples();
  const sampleRecorder = new SampleRecorder(samples);
  const signals = new SignalRecorder(history, options, clock);
  const recorder = new Ec2Recorder(commands.bus, observations, signals, clock, options);
  const journal = new RegionJournal(sweeps, options);
  const reader = new Ec2Reader(ec2, clock);
  const sweep = new Ec2Sweep(reader, recorder, journal, observations, queries.bus, clock);
  const servers = new CmlServers(options);
  const listeners = new CmlListeners();
  const agenda = new CmlAgenda(servers, observations, queries.bus, clock, options);
  const observer = new CmlObserver(
    servers,
    new CmlReader(cml, clock),
    new CmlReporter(commands.bus),
    listeners,
    new CmlRecords(observations, sampleRecorder, signals),
    agenda,
    clock,
    clock,
    options,
  );
  const timers = new ManualTimers();
  const lanes = new CmlLanes(options);
  return {
    ...{ clock, commands, queries, ec2, cml, cloudWatch, observations, samples, history, sweeps, sweep },
    ...{ observer, listeners, agenda, timers },
    observeFleet: new ObserveFleetHandler(sweep),
    observeCml: new ObserveCmlHandler(agenda, lanes, observer, timers, clock),
    observeWorker: new ObserveWorkerHandler(sweep, observer, queries.bus),
    observeMetrics: new ObserveMetricsHandler(cloudWatch, observations, sampleRecorder, queries.bus, clock),
    probeWorker: new ProbeWorkerHandler(observer, queries.bus, new SequentialIds()),
  };
}
