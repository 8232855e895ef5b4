import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Logger,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { EventStore, LogTail, PublicEvents } from '../event-store';
import { Authenticator } from '../http';
import { SystemTimers, Timers } from '../kernel/timers';
import { EventsController } from './api/events.controller';
import { EventBlocks } from './application/event-blocks';
import { EventStreams } from './application/event-streams';
import { FollowEventsHandler } from './application/follow-events.query';
import { ListEventsHandler } from './application/list-events.query';

const LIMITS = { perKey: 10, perProcess: 200 };

/** Everything that happened, as a list and as a stream. The event store, Authenticator and the buses are the root's. */
@Module({})
export class AuditModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private unlisten: (() => void) | null = null;

  constructor(
    private readonly streams: EventStreams,
    private readonly authenticator: Authenticator,
  ) {}

  /** @param imports what exports Authenticator; a global module need not be named */
  static forRoot({ imports = [] }: Pick<ModuleMetadata, 'imports'> = {}): DynamicModule {
    return {
      module: AuditModule,
      imports,
      controllers: [EventsController],
      providers: [
        ListEventsHandler,
        FollowEventsHandler,
        { provide: Timers, useClass: SystemTimers },
        eventStreams(),
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.unlisten = this.authenticator.onChange(() => this.streams.endRevoked());
  }

  /** The server waits for its connections, and streams do not end by themselves. */
  async beforeApplicationShutdown(): Promise<void> {
    this.unlisten?.();
    await this.streams.close();
  }
}

function eventStreams(): Provider {
  const logger = new Logger('EventStreams');
  return {
    provide: EventStreams,
    inject: [LogTail, EventStore, PublicEvents, Timers],
    useFactory: (tail: LogTail, store: EventStore, publicEvents: PublicEvents, timers: Timers) =>
      new EventStreams(
        {
          tail,
          store,
          timers,
          blocks: new EventBlocks(publicEvents),
          report: (err, during) => logger.error({ err }, `failed to ${during}`),
        },
        LIMITS,
      ),
  };
}
