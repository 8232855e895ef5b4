import { Inject, Injectable } from '@nestjs/common';
import { type HealthProbe } from '../http';
import { MachineClock, MINUTE, SECOND } from '../kernel/clocks';
import { type TickState, type WatchedTick } from '../kernel/tick';
import { NoticeMetrics } from '../notifications';
import { FleetReadings, subscriptionGroup } from './fleet-readings';
import { MONITORING_OPTIONS, type MonitoringOptions } from './monitoring.options';
import { TickList } from './tick-list';

/** A turn that takes longer hangs. */
const LONGEST_TURN_MS = 5 * MINUTE;
/** Everybody may ask: the database is not. */
const READ_EVERY_MS = 5 * SECOND;
/** The same for what keeps a process from serving, which is to be known at once. */
const STORE_READ_EVERY_MS = SECOND / 2;
/** Log entries that a subscription may be behind without being told of. */
const LAG_AT_MOST = 1000;

/**
 * What /health/ready asks. The process can serve when its store answers and its ticks go round; the rest is told only,
 * since it is the same for all replicas, or harms nobody who asks this one.
 */
@Injectable()
export class FleetProbes {
  readonly all: readonly HealthProbe[];

  constructor(
    private readonly clock: MachineClock,
    private readonly readings: FleetReadings,
    private readonly ticks: TickList,
    private readonly notices: NoticeMetrics,
    @Inject(MONITORING_OPTIONS) { regions, noticeChannels }: MonitoringOptions,
  ) {
    this.all = [
      { name: 'store', check: () => this.storeAnswers() },
      { name: 'scheduler', check: () => this.comeInTime(this.ticks.needed) },
      ...regions.map((region) => told(`region/${region}`, () => this.regionIsRead(region))),
      ...noticeChannels.map((name) => told(`notices/${name}`, () => this.channelWorks(name))),
      told('webhooks', () => this.comeInTime(this.ticks.webhooks)),
      told('subscriptions', () => this.subscriptionsMove()),
    ];
  }

  private async storeAnswers() {
    const end = await this.readings.store.get(STORE_READ_EVERY_MS);
    return end === null ? ill('does not answer') : WELL;
  }

  private comeInTime(ticks: readonly WatchedTick[]) {
    const late = ticks.filter(({ state }) => isLate(state, this.clock.now())).map(({ name }) => name);
    return Promise.resolve(late.length === 0 ? WELL : ill(`late: ${late.join(', ')}`));
  }

  private async regionIsRead(region: string) {
    const regions = await this.readings.regions.get(READ_EVERY_MS);
    const status = regions?.find(({ name }) => name === region);
    if (!status) return ill('not known');
    const { state, errorCode, openCircuits } = status;
    const faults = [
      ...(state === 'unknown' ? ['not swept for too long'] : []),
      ...(errorCode === null ? [] : [`the latest sweep failed: ${errorCode}`]),
      ...openCircuits.map((service) => `${service} does not answer and is left alone`),
    ];
    return faults.length === 0 ? WELL : ill(faults.join('; '));
  }

  private async channelWorks(channel: string) {
    const late = await this.comeInTime(this.ticks.notices);
    if (!late.healthy) return late;
    const failing = this.notices.failingChannels.some((name) => name === channel);
    return failing ? ill('the latest notice could not be sent') : WELL;
  }

  private async subscriptionsMove() {
    const subscriptions = await this.readings.subscriptions.get(READ_EVERY_MS);
    if (!subscriptions) return ill('not known');
    const faults = subscriptions.flatMap((one) => {
      const waiting = one.parked.waiting > 0 ? [`${subscriptionGroup(one)}: streams wait for a person`] : [];
      const behind = one.lag > LAG_AT_MOST ? [`${subscriptionGroup(one)}: ${one.lag} entries behind`] : [];
      return [...waiting, ...behind];
    });
    return faults.length === 0 ? WELL : ill([...new Set(faults)].join('; '));
  }
}

const WELL: Awaited<ReturnType<HealthProbe['check']>> = { healthy: true };

function ill(detail: string): Awaited<ReturnType<HealthProbe['check']>> {
  return { healthy: false, detail };
}

function told(name: string, check: HealthProbe['check']): HealthProbe {
  return { name, toldOnly: true, check };
}

/** Whether a tick hangs, or did not come for three of its intervals and a minute. */
export function isLate({ running, startedAt, finishedAt, intervalMs }: TickState, now: Date): boolean {
  const since = running ? startedAt : finishedAt;
  if (!since) return false;
  const age = now.getTime() - since.getTime();
  return running ? age > LONGEST_TURN_MS : intervalMs !== null && age > 3 * intervalMs + MINUTE;
}
