import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { EventStore, ParkedStreams, Subscriptions } from '../../event-store';
import { MachineClock } from '../../kernel/clocks';

/** How far one consumer of the log is. */
export interface SubscriptionStatus {
  readonly name: string;
  readonly position: number;
  readonly logEnd: number;
  /** log entries that it has not handled yet */
  readonly lag: number;
  /** the process that has it; null when nobody has */
  readonly owner: string | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly parked: {
    /** streams that are put aside and tried again by themselves */
    readonly trying: number;
    /** streams that wait for a person */
    readonly waiting: number;
  };
}

/** All subscriptions, by name. */
export class ListSubscriptions extends Query<SubscriptionStatus[]> {}

@QueryHandler(ListSubscriptions)
export class ListSubscriptionsHandler implements IQueryHandler<ListSubscriptions> {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly parked: ParkedStreams,
    private readonly store: EventStore,
    private readonly clock: MachineClock,
  ) {}

  async execute(): Promise<SubscriptionStatus[]> {
    const states = await this.subscriptions.list();
    const logEnd = await this.store.logEnd();
    const now = this.clock.now();
    return Promise.all(
      states.map(async ({ name, position, owner, dueAt, attempts, lastError }) => {
        const rows = await this.parked.of(name);
        const waiting = rows.filter(({ nextTryAt }) => nextTryAt === null).length;
        return {
          ...{ name, position, logEnd, attempts, lastError },
          lag: Math.max(0, logEnd - position),
          // an owner that died stays named until somebody else takes over
          owner: dueAt > now ? owner : null,
          parked: { trying: rows.length - waiting, waiting },
        };
      }),
    );
  }
}
