import { Counter, type Registry } from 'prom-client';
import { type TryOutcome } from './application/posting-attempt';
import { type ChannelName } from './domain/posting';

/** Counts tries of notices for Prometheus, and remembers how the latest one of each channel went. */
export class NoticeMetrics {
  private readonly tries: Counter<'channel' | 'outcome'>;

  private readonly failing = new Set<ChannelName>();

  /** @param channels those that are set up */
  constructor(registry: Registry, channels: readonly ChannelName[] = []) {
    this.tries = new Counter({
      name: 'cml_fleet_notices_total',
      help: 'Tries to bring a notice to people; given-up ones are tried no more',
      labelNames: ['channel', 'outcome'],
      registers: [registry],
    });
    // a first increase can be seen only where there was a value before it
    for (const channel of channels) {
      for (const outcome of ['delivered', 'failed', 'given-up'] as const)
        this.tries.inc({ channel, outcome }, 0);
    }
  }

  count(channel: ChannelName, outcome: TryOutcome): void {
    this.tries.inc({ channel, outcome });
    if (outcome === 'delivered') this.failing.delete(channel);
    else this.failing.add(channel);
  }

  /** Channels whose latest try by this process failed. */
  get failingChannels(): readonly ChannelName[] {
    return [...this.failing].sort();
  }
}
