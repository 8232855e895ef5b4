import { Injectable, Logger } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ListSubscriptions, type SubscriptionStatus } from '../delivery';
import { EventStore } from '../event-store';
import { MachineClock } from '../kernel/clocks';
import { ListLicensePools } from '../licensing';
import { GetReaperHolds } from '../reaper';
import { GetRegionStates } from '../telemetry';
import { CountWorkers } from '../workers';
import { Joined } from './joined';

/** More pools than these are not shown one by one. */
const POOLS_AT_MOST = 100;

/** What is known of the store and of the whole fleet, read when somebody asks: the same in each replica, whoever is asked. */
@Injectable()
export class FleetReadings {
  /** the end of its log */
  readonly store;
  readonly regions;
  readonly workers;
  readonly reaper;
  readonly subscriptions;
  readonly pools;

  constructor(store: EventStore, queries: QueryBus, clock: MachineClock) {
    const logger = new Logger('Monitoring');
    const warn = (err: unknown, message: string) => logger.warn({ err }, message);
    const now = () => clock.now().getTime();
    const joined = <T>(what: string, read: () => Promise<T>) => new Joined(what, read, now, warn);
    this.store = joined('the store', () => store.logEnd());
    this.regions = joined('the regions', () => queries.execute(new GetRegionStates()));
    this.workers = joined('the workers', () => queries.execute(new CountWorkers()));
    this.reaper = joined('the reaper', () => queries.execute(new GetReaperHolds()));
    this.subscriptions = joined('the subscriptions', () => queries.execute(new ListSubscriptions()));
    this.pools = joined('the licence pools', () =>
      queries.execute(new ListLicensePools(POOLS_AT_MOST, null)),
    );
  }
}

/** Of each webhook there is a subscription: they are one to metrics, which have no ids in them. */
export function subscriptionGroup({ name }: SubscriptionStatus): string {
  return name.startsWith('webhook:') ? 'webhooks' : name;
}
