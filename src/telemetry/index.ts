export {
  type ActivityValues,
  type CloudWatchMetric,
  type LabsValues,
  type LabSummary,
  type LicenseFeature,
  type LicenseValues,
  type MetricPoint,
  type Observation,
  type SystemValues,
} from './domain/observation';
export { CmlClient, type CmlFailure, type CmlReading, type CmlServer } from './domain/ports';
export { GAPS_AT_MOST, type Signal, SIGNAL_SOURCE, type SignalInterval } from './domain/signal';
export { licenseFeature } from './api/license-feature.schema';
export { CmlError } from './domain/telemetry-errors';
export {
  type AboutInstances,
  type AnswerByIds,
  InstanceSource,
  type Listing,
  type MetricReading,
  type MetricsAnswer,
  MetricsSource,
  type MetricTarget,
} from './application/ec2.ports';
export { CmlServers } from './application/cml-servers';
export { CmlListeners, type CmlRead } from './application/cml-listeners';
export { ApiUsage } from './application/api-usage';
export { GetObservations, type WorkerObservations } from './application/get-observations.query';
export { GetRegionStates } from './application/get-region-states.query';
export { GetSignalHistory } from './application/get-signal-history.query';
export { ProbeWorker } from './application/probe-worker.command';
export { usualGapMs } from './application/telemetry.options';
export { TelemetrySchedules } from './application/telemetry.schedules';
export { TelemetryModule } from './telemetry.module';
