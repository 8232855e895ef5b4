export {
  type ActivityValues,
  type LabsValues,
  type LabSummary,
  type Observation,
  type Observations,
  type Source,
  type SystemValues,
} from './domain/observation';
export { CmlClient, type CmlFailure, type CmlReading, type CmlServer } from './domain/ports';
export { type Signal, type SignalInterval, type SignalValue } from './domain/signal';
export { CmlError } from './domain/telemetry-errors';
export { InstanceSource, MetricsSource } from './application/ec2.ports';
export { GetObservations, type WorkerObservations } from './application/get-observations.query';
export { ObserveFleet } from './application/observe-fleet.command';
export { ObserveWorker } from './application/observe-worker.command';
export { ProbeWorker, type WorkerProbe } from './application/probe-worker.command';
export { TelemetrySchedules } from './application/telemetry.schedules';
export { TelemetryModule, type TelemetryModuleOptions } from './telemetry.module';
