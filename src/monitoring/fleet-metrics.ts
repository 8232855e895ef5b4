import { Injectable } from '@nestjs/common';
import { SECOND } from '../kernel/clocks';
import { askedGauge, type GaugeValue, MetricsRegistry } from '../metrics';
import { FleetReadings, subscriptionGroup } from './fleet-readings';

const REGION_STATES = ['ok', 'failing', 'unknown'] as const;

/** What is the same whichever replica is asked. Ages are fleet time. */
@Injectable()
export class FleetMetrics {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly readings: FleetReadings,
  ) {}

  /** Once. */
  begin(): void {
    this.addRegions();
    this.addReaper();
    this.addSubscriptions();
    this.addPools();
  }

  private addRegions(): void {
    const { regions, workers } = this.readings;
    this.gauge(
      'cml_fleet_region_sweep_age_seconds',
      'Since the latest sweep that read the whole region was begun; absent: none did',
      ['region'],
      async () =>
        (await regions.get())?.flatMap(({ name, sweepAgeMs }) =>
          sweepAgeMs === null ? [] : [{ labels: { region: name }, value: sweepAgeMs / SECOND }],
        ) ?? null,
    );
    this.gauge(
      'cml_fleet_region_state',
      '1 for the state that a region is in: ok, failing, unknown (not swept for too long)',
      ['region', 'state'],
      async () =>
        (await regions.get())?.flatMap(({ name, state }) =>
          REGION_STATES.map((one) => ({
            labels: { region: name, state: one },
            value: one === state ? 1 : 0,
          })),
        ) ?? null,
    );
    this.gauge(
      'cml_fleet_workers',
      'Workers that are managed and not terminated; a status of which there is none is absent',
      ['region', 'status'],
      async () =>
        (await workers.get())?.map(({ awsRegion: region, status, count }) => ({
          labels: { region, status },
          value: count,
        })) ?? null,
    );
  }

  private addReaper(): void {
    const { reaper } = this.readings;
    this.gauge(
      'cml_fleet_reaper_last_turn_age_seconds',
      "Since the reaper's latest turn that went to its end was begun; absent: none did",
      [],
      async () => {
        const holds = await reaper.get();
        if (!holds) return null;
        return holds.turnAgeMs === null ? [] : [{ value: holds.turnAgeMs / SECOND }];
      },
    );
    const flag = (name: string, help: string, what: 'paused' | 'breakerOpen') =>
      this.gauge(name, help, [], async () => {
        const holds = await reaper.get();
        return holds && [{ value: holds[what] ? 1 : 0 }];
      });
    flag('cml_fleet_reaper_paused', '1 while people have paused automatic stops', 'paused');
    flag('cml_fleet_reaper_breaker_open', '1 while the breaker holds automatic stops off', 'breakerOpen');
  }

  private addSubscriptions(): void {
    const { subscriptions } = this.readings;
    this.gauge(
      'cml_fleet_subscription_lag_entries',
      'Entries of the log that a subscription has not handled yet; of webhooks that of the last one',
      ['subscription'],
      async () => {
        const lags = new Map<string, number>();
        const all = await subscriptions.get();
        for (const one of all ?? []) {
          const group = subscriptionGroup(one);
          lags.set(group, Math.max(lags.get(group) ?? 0, one.lag));
        }
        return all && [...lags].map(([subscription, value]) => ({ labels: { subscription }, value }));
      },
    );
    this.gauge(
      'cml_fleet_parked_streams',
      'Streams that a subscription could not handle and has put aside; waiting: for a person',
      ['subscription', 'state'],
      async () => {
        const parked = new Map<string, { trying: number; waiting: number }>();
        const all = await subscriptions.get();
        for (const one of all ?? []) {
          const sum = parked.get(subscriptionGroup(one)) ?? { trying: 0, waiting: 0 };
          sum.trying += one.parked.trying;
          sum.waiting += one.parked.waiting;
          parked.set(subscriptionGroup(one), sum);
        }
        return (
          all &&
          [...parked].flatMap(([subscription, { trying, waiting }]) => [
            { labels: { subscription, state: 'trying' }, value: trying },
            { labels: { subscription, state: 'waiting' }, value: waiting },
          ])
        );
      },
    );
  }

  private addPools(): void {
    this.gauge(
      'cml_fleet_license_pool_free_seats',
      'Seats of a licence pool that are free; of the first 100 pools by name',
      ['pool'],
      async () =>
        (await this.readings.pools.get())?.map(({ state: { name, capacity, seats } }) => ({
          labels: { pool: name },
          value: Math.max(0, capacity - seats.length),
        })) ?? null,
    );
  }

  private gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    read: () => Promise<readonly GaugeValue<L>[] | null>,
  ): void {
    askedGauge(this.registry, { name, help, labelNames }, read);
  }
}
