export {
  CMLServiceStatus,
  CMLWorkerStatus,
  isDown,
  LicenseStatus,
  STATUS_OF_EC2_STATE,
} from './domain/worker-status';
export { type InstanceReading } from './domain/instance-reading';
export {
  type InstanceHealth,
  type ScheduledEvent,
  type SpotInterruption,
  type StatusCheck,
  type StatusChecks,
} from './domain/instance-health';
export { type LaunchSettings, plainLaunch, type RootVolume } from './domain/launch-settings';
export {
  type LaunchRequest,
  type LicenseEnd,
  type LicenseTokenReference,
  type WorkerState,
} from './domain/worker-state';
export { REACH_SERVER_WITHIN_MS, stopBy } from './domain/forced-stop';
export { awaitsPreparation, releaseBy } from './domain/termination';
export { EC2_GOES_ON, GUARDS, LEADS_TO, STATE_MACHINE, type Step } from './domain/state-machine';
export { INSTALLATION_TAG, MANAGED_BY, MANAGED_BY_TAG, WORKER_TAG } from './domain/owner-tags';
export {
  ComputeProvider,
  type LaunchSpec,
  type MachineImage,
  type StopOptions,
  type TagChange,
  type WantedImage,
  type WorkerRecord,
} from './domain/ports';
export { IdlePolicyNames } from './domain/idle-policy-names';
export { connectionOf } from './domain/connection';
export { LabCensus } from './domain/lab-census';
export { SnoozeCap } from './domain/snooze-cap';
export { toView as toWorkerView, WORKER_EXAMPLE, workerView, type WorkerView } from './api/worker.view';
export {
  AlreadyManaged,
  ComputeError,
  type ComputeFailure,
  DECIDED_TOO_LONG_AGO,
  LabsUnknown,
  ManagedElsewhere,
  WorkerNotFound,
  STOP_TOO_LATE,
} from './domain/worker-errors';
export {
  type ResolvedTemplate,
  TemplateNotFound,
  TemplateNotForRegion,
  TemplateSource,
} from './domain/template-source';
export * from './domain/worker-events';
export * as awsInput from './api/aws-input.schemas';

export { CountWorkers } from './application/count-workers.query';
export { FenceWorker } from './application/fence-worker.command';
export { GetActiveWorkers } from './application/get-active-workers.query';
export { GetWorker } from './application/get-worker.query';
export { ImportWorker, importedWorkerId } from './application/import-worker.command';
export { LiftFence } from './application/lift-fence.command';
export { ListWorkers } from './application/list-workers.query';
export { NoteUse } from './application/note-use.command';
export { PlanStop } from './application/plan-stop.command';
export { RecordCertificate } from './application/record-certificate.command';
export { RecordStopPrepared } from './application/record-stop-prepared.command';
export { RecordTerminationPrepared } from './application/record-termination-prepared.command';
export { RecordInstances } from './application/record-instances.command';
export { SendAutomaticStop } from './application/send-automatic-stop.command';
export { SnoozeWorker } from './application/snooze-worker.command';
export { StartWorker } from './application/start-worker.command';
export { StopWorker } from './application/stop-worker.command';
export { TerminateWorker } from './application/terminate-worker.command';
export { UpdateLicense } from './application/update-license.command';
export { UpdateServiceStatus } from './application/update-service-status.command';
export { UpdateTelemetry } from './application/update-telemetry.command';
export { UpdateWorkerStatus } from './application/update-worker-status.command';
export { WorkersModule } from './workers.module';
export { WorkersSchedules } from './application/workers.schedules';
export { reasonAfter, type ServiceFinding, waitsForAPerson } from './domain/service-reason';
export { ACTIVITY_STEP_MS, takesAnotherCertificate } from './domain/service-observation';
export { WORKER_UPCASTERS } from './persistence/worker-upcasters';
export { WORKER_DEFINITION } from './persistence/worker-definition';
export { instanceKey } from './persistence/worker-keys';
export { WORKER_COLLECTION } from './persistence/worker.schema';
export { ReadModelRebuild, type RebuildResult } from './persistence/read-model-rebuild';
export { MongoWorkerDocuments } from './persistence/worker.mongo-documents';
