import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { EventRegistry } from '../event-store';
import { FleetClock } from '../kernel/clocks';
import { linkBuckets } from './api/link-bucket.middleware';
import { NoticeLinksController } from './api/notice-links.controller';
import { NoticesSchedules } from './application/notices.schedules';
import { NOTICE_EVENTS } from './domain/notice-events';
import { LinkTokens } from './domain/notice-link';
import { StopNotices } from './domain/stop-notices';
import { NoticeChannelList } from './notice-channel-list';
import { NoticeEventLogger } from './notice-event-logger';
import { NoticeMetrics } from './notice-metrics';
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
  implements
    NestModule,
    OnModuleInit,
    OnApplicationBootstrap,
    BeforeApplicationShutdown,
    OnApplicationShutdown
{
  constructor(
    private readonly registry: EventRegistry,
    private readonly schedules: NoticesSchedules,
    private readonly channels: NoticeChannelList,
    private readonly tokens: LinkTokens,
    private readonly clock: FleetClock,
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
      exports: [StopNotices, NoticesSchedules, NoticeMetrics],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(linkBuckets(this.tokens, this.clock)).forRoutes(NoticeLinksController);
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
