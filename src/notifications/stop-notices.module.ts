import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { EventRegistry } from '../event-store';
import { NoticeLinksController } from './api/notice-links.controller';
import { NoticesSchedules } from './application/notices.schedules';
import { NOTICE_EVENTS } from './domain/notice-events';
import { StopNotices } from './domain/stop-notices';
import { NoticeChannelList } from './notice-channel-list';
import { NoticeEventLogger } from './notice-event-logger';
import { stopNoticesProviders, type StopNoticesPartsOptions } from './stop-notices.providers';

export interface StopNoticesModuleOptions extends StopNoticesPartsOptions {
  /** off in tests that send by hand */
  readonly autostart: boolean;
}

const OPTIONS = Symbol('StopNoticesModuleOptions');

/**
 * Tells people of automatic stops, and lets them act by links. Global, so that whoever stops workers can tell. The clocks,
 * the event store, metrics and the buses are the root's to provide; workers answers over the buses, and its
 * SnoozeCap is bound by policies.
 */
@Module({})
export class StopNoticesModule
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly registry: EventRegistry,
    private readonly schedules: NoticesSchedules,
    private readonly channels: NoticeChannelList,
    @Inject(OPTIONS) private readonly options: StopNoticesModuleOptions,
  ) {}

  static forRoot(options: StopNoticesModuleOptions): DynamicModule {
    return {
      module: StopNoticesModule,
      global: true,
      controllers: [NoticeLinksController],
      providers: [
        ...stopNoticesProviders(options),
        NoticeEventLogger,
        { provide: OPTIONS, useValue: options },
      ],
      exports: [StopNotices],
    };
  }

  onModuleInit(): void {
    this.registry.register(NOTICE_EVENTS);
  }

  onApplicationBootstrap(): void {
    if (this.options.autostart) this.schedules.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.schedules.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.channels.close();
  }
}
