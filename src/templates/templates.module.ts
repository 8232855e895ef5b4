import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import {
  AggregateDirectory,
  AggregateStores,
  checkedProvider,
  DirectoryFeed,
  EventDecoder,
  EventRegistry,
  LeasedTicks,
  Reservations,
} from '../event-store';
import { MachineClock } from '../kernel/clocks';
import { TemplateSource } from '../workers';
import { TemplatesController } from './api/templates.controller';
import { CreateTemplateHandler } from './application/create-template.command';
import { DeleteTemplateHandler } from './application/delete-template.command';
import { GetTemplateHandler } from './application/get-template.query';
import { ListTemplatesHandler } from './application/list-templates.query';
import { StoredTemplates } from './application/stored-templates';
import { TemplateDirectory } from './application/template-directory';
import { TemplatesSchedules } from './application/templates.schedules';
import { UpdateTemplateHandler } from './application/update-template.command';
import { TemplateRepository } from './domain/ports';
import { TEMPLATE_EVENTS } from './domain/template-events';
import { type TemplateState, type WorkerTemplate } from './domain/worker-template';
import { EventSourcedTemplateRepository } from './persistence/event-sourced.template-repository';
import { TEMPLATE_DEFINITION } from './persistence/template-definition';

export interface TemplatesModuleOptions {
  /** off in tests that run the ticks by hand */
  readonly autostart: boolean;
}

const OPTIONS = Symbol('TemplatesModuleOptions');

/**
 * By what workers are launched: binds their TemplateSource. The clocks, the event store and the buses are the root's to
 * provide.
 */
@Module({})
export class TemplatesModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly templates: AggregateDirectory<WorkerTemplate, TemplateState>,
    private readonly schedules: TemplatesSchedules,
    @Inject(OPTIONS) private readonly options: TemplatesModuleOptions,
  ) {}

  static forRoot(options: TemplatesModuleOptions): DynamicModule {
    return {
      module: TemplatesModule,
      global: true,
      controllers: [TemplatesController],
      providers: [
        ...[CreateTemplateHandler, UpdateTemplateHandler, DeleteTemplateHandler],
        ...[GetTemplateHandler, ListTemplatesHandler],
        ...parts(),
        { provide: OPTIONS, useValue: options },
      ],
      exports: [TemplatesSchedules, TemplateSource],
    };
  }

  onModuleInit(): void {
    this.registry.register(TEMPLATE_EVENTS);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.feed.fill(this.templates);
    if (this.options.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }
}

function parts(): Provider[] {
  const logger = new Logger('Templates');
  return [
    checkedProvider(
      AggregateDirectory<WorkerTemplate, TemplateState>,
      [EventDecoder],
      (decoder) =>
        new AggregateDirectory(TEMPLATE_DEFINITION, decoder, (err, during) =>
          logger.error({ err }, `failed to ${during}`),
        ),
    ),
    checkedProvider(
      TemplateDirectory,
      [AggregateDirectory<WorkerTemplate, TemplateState>],
      (templates) => new TemplateDirectory(templates),
    ),
    checkedProvider(
      TemplateRepository,
      [AggregateStores, Reservations, TemplateDirectory],
      (stores, reservations, directory) =>
        new EventSourcedTemplateRepository(
          stores.open(TEMPLATE_DEFINITION, (_commit, _events, template) => directory.put(template)),
          reservations,
        ),
    ),
    checkedProvider(TemplateSource, [TemplateRepository], (templates) => new StoredTemplates(templates)),
    checkedProvider(
      TemplatesSchedules,
      [TemplateRepository, TemplateDirectory, LeasedTicks, MachineClock],
      (templates, directory, ticks, clock) => new TemplatesSchedules(templates, directory, ticks, clock),
    ),
  ];
}
