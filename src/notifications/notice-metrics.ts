import { Counter, type Registry } from 'prom-client';
import { type TryOutcome } from './application/posting-attempt';
import { type ChannelName } from './domain/posting';

/** Counts tries of notices for Prometheus. */
export class NoticeMetrics {
  private readonly tries: Counter<'channel' | 'outcome'>;

  constructor(registry: Registry) {
    this.tries = new Counter({
      name: 'cml_fleet_notices_total',
      help: 'Tries to bring a notice to people; given-up ones are tried no more',
      labelNames: ['channel', 'outcome'],
      registers: [registry],
    });
  }

  count(channel: ChannelName, outcome: TryOutcome): void {
    this.tries.inc({ channel, outcome });
  }
}
