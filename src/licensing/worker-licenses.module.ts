import { Module, type OnApplicationBootstrap, type OnModuleInit, Logger } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import {
  AggregateDirectory,
  AggregateStores,
  checkedProvider,
  DirectoryFeed,
  EventDecoder,
  EventRegistry,
} from '../event-store';
import { DirectorySecretHolder, SecretHolders } from '../secrets';
import { type WorkerLicense } from './domain/worker-license';
import { WORKER_LICENSE_EVENTS } from './domain/worker-license-events';
import { WorkerLicenses } from './domain/worker-license-ports';
import { type WorkerLicenseState } from './domain/worker-license-state';
import { EventSourcedWorkerLicenses } from './persistence/event-sourced.worker-licenses';
import { WORKER_LICENSE_DEFINITION } from './persistence/worker-license-definition';

const logger = new Logger('WorkerLicenses');

/** The workers' licences by their streams, and in memory for whoever asks which tokens are still needed. */
@Module({
  providers: [
    checkedProvider(
      AggregateDirectory<WorkerLicense, WorkerLicenseState>,
      [EventDecoder],
      (decoder) =>
        new AggregateDirectory(WORKER_LICENSE_DEFINITION, decoder, (err, during) =>
          logger.error({ err }, `failed to ${during}`),
        ),
    ),
    checkedProvider(
      WorkerLicenses,
      [AggregateStores, AggregateDirectory<WorkerLicense, WorkerLicenseState>, EventBus],
      (stores, directory, bus) =>
        new EventSourcedWorkerLicenses(
          stores.open(
            WORKER_LICENSE_DEFINITION,
            (_commit, _events, license) => directory.put(license),
            (_commit, events) => void bus.publishAll([...events]),
          ),
        ),
    ),
  ],
  exports: [WorkerLicenses],
})
export class WorkerLicensesModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly directory: AggregateDirectory<WorkerLicense, WorkerLicenseState>,
    private readonly holders: SecretHolders,
  ) {}

  onModuleInit(): void {
    this.registry.register(WORKER_LICENSE_EVENTS);
    const refsOf = ({ wanted }: WorkerLicenseState) => (wanted?.tokenRef == null ? [] : [wanted.tokenRef]);
    this.holders.add(new DirectorySecretHolder('worker licences', this.feed, this.directory, refsOf));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.feed.fill(this.directory);
  }
}
