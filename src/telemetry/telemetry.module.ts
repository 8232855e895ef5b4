import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { MetricSeriesController } from './api/metric-series.controller';
import { ObservationsController } from './api/observations.controller';
import { RefreshThrottle } from './api/refresh-throttle';
import { RegionsController } from './api/regions.controller';
import { CmlAgenda } from './application/cml-agenda';
import { CmlLanes } from './application/cml-lanes';
import { CmlListeners } from './application/cml-listeners';
import { CmlObserver } from './application/cml-observer';
import { CmlReader } from './application/cml-reader';
import { CmlRecords } from './application/cml-records';
import { CmlReporter } from './application/cml-reporter';
import { CmlServers } from './application/cml-servers';
import { Ec2Reader } from './application/ec2-reader';
import { Ec2Recorder } from './application/ec2-recorder';
import { Ec2Sweep } from './application/ec2-sweep';
import { GetMetricsHandler } from './application/get-metrics.query';
import { GetObservationsHandler } from './application/get-observations.query';
import { GetRegionStatesHandler } from './application/get-region-states.query';
import { GetRegionsHandler } from './application/get-regions.query';
import { GetSignalHistoryHandler } from './application/get-signal-history.query';
import { ObservedLabs } from './application/observed-labs';
import { ObserveCmlHandler } from './application/observe-cml.command';
import { ObserveFleetHandler } from './application/observe-fleet.command';
import { ObserveMetricsHandler } from './application/observe-metrics.command';
import { ObserveWorkerHandler } from './application/observe-worker.command';
import { ProbeWorkerHandler } from './application/probe-worker.command';
import { RegionJournal } from './application/region-journal';
import { SampleRecorder } from './application/sample-recorder';
import { SignalRecorder } from './application/signal-recorder';
import { TELEMETRY_OPTIONS, type TelemetryOptions } from './application/telemetry.options';
import { TelemetrySagas } from './application/telemetry.sagas';
import { TelemetrySchedules } from './application/telemetry.schedules';
import { SystemTimers, Timers } from '../kernel/timers';
import { LabCensus } from '../workers';
import { MetricSamples, ObservationStore, RegionSweepStore, SignalHistory } from './domain/ports';
import { MemoryMetricSamples } from './persistence/metric-samples.memory-store';
import { MongoMetricSamples } from './persistence/metric-samples.mongo-store';
import { METRIC_HOUR_MODEL, metricHourSchema } from './persistence/metric-samples.schema';
import { MemoryObservationStore } from './persistence/observation.memory-store';
import { MongoObservationStore } from './persistence/observation.mongo-store';
import { OBSERVATION_MODEL, observationSchema } from './persistence/observation.schema';
import { MemoryRegionSweepStore } from './persistence/region-sweep.memory-store';
import { MongoRegionSweepStore } from './persistence/region-sweep.mongo-store';
import { REGION_SWEEP_MODEL, regionSweepSchema } from './persistence/region-sweep.schema';
import { MemorySignalHistory } from './persistence/signal-history.memory-store';
import { MongoSignalHistory } from './persistence/signal-history.mongo-store';
import { SIGNAL_HISTORY_MODEL, signalHistorySchema } from './persistence/signal-history.schema';

export interface TelemetryModuleOptions extends TelemetryOptions {
  /** `mongo` takes the default connection of MongooseModule */
  readonly persistence: 'memory' | 'mongo';
}

interface Stores {
  readonly observations: Type<ObservationStore>;
  readonly history: Type<SignalHistory>;
  readonly sweeps: Type<RegionSweepStore>;
  readonly samples: Type<MetricSamples>;
}

const MEMORY: Stores = {
  observations: MemoryObservationStore,
  history: MemorySignalHistory,
  sweeps: MemoryRegionSweepStore,
  samples: MemoryMetricSamples,
};

const MONGO: Stores = {
  observations: MongoObservationStore,
  history: MongoSignalHistory,
  sweeps: MongoRegionSweepStore,
  samples: MongoMetricSamples,
};

const MODELS = [
  { name: OBSERVATION_MODEL, schema: observationSchema },
  { name: SIGNAL_HISTORY_MODEL, schema: signalHistorySchema },
  { name: REGION_SWEEP_MODEL, schema: regionSweepSchema },
  { name: METRIC_HOUR_MODEL, schema: metricHourSchema },
];

/**
 * What is observed of the workers. InstanceSource, MetricsSource, CmlClient, the clocks and the event store are the
 * root's to provide; workers are reached over the CQRS buses. Binds workers' LabCensus.
 */
@Module({})
export class TelemetryModule {
  static forRoot({ persistence, ...options }: TelemetryModuleOptions): DynamicModule {
    const stores = persistence === 'mongo' ? MONGO : MEMORY;
    return {
      module: TelemetryModule,
      global: true,
      imports: persistence === 'mongo' ? [MongooseModule.forFeature(MODELS)] : [],
      controllers: [MetricSeriesController, ObservationsController, RegionsController],
      providers: [
        GetMetricsHandler,
        GetObservationsHandler,
        GetRegionsHandler,
        GetRegionStatesHandler,
        GetSignalHistoryHandler,
        ObserveCmlHandler,
        ObserveFleetHandler,
        ObserveMetricsHandler,
        ObserveWorkerHandler,
        ProbeWorkerHandler,
        CmlAgenda,
        CmlLanes,
        CmlListeners,
        CmlObserver,
        CmlReader,
        CmlRecords,
        CmlReporter,
        CmlServers,
        Ec2Reader,
        Ec2Recorder,
        Ec2Sweep,
        RefreshThrottle,
        RegionJournal,
        SampleRecorder,
        SignalRecorder,
        TelemetrySagas,
        TelemetrySchedules,
        { provide: Timers, useClass: SystemTimers },
        { provide: TELEMETRY_OPTIONS, useValue: options },
        { provide: LabCensus, useClass: ObservedLabs },
        { provide: ObservationStore, useClass: stores.observations },
        { provide: SignalHistory, useClass: stores.history },
        { provide: RegionSweepStore, useClass: stores.sweeps },
        { provide: MetricSamples, useClass: stores.samples },
      ],
      exports: [TelemetrySchedules, LabCensus, CmlListeners, CmlServers],
    };
  }
}
