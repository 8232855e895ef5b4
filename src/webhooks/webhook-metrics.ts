import { Counter, type Registry } from 'prom-client';
import { type TryOutcome } from './application/delivery-attempt';

/** Counts tries of webhook deliveries for Prometheus, of all webhooks together. */
export class WebhookMetrics {
  private readonly tries: Counter<'outcome'>;

  constructor(registry: Registry) {
    this.tries = new Counter({
      name: 'cml_fleet_webhook_tries_total',
      help: 'Tries to deliver an event to a webhook; given-up deliveries are tried no more',
      labelNames: ['outcome'],
      registers: [registry],
    });
    // a first increase can be seen only where there was a value before it
    for (const outcome of ['delivered', 'failed', 'given-up'] as const) this.tries.inc({ outcome }, 0);
  }

  count(outcome: TryOutcome): void {
    this.tries.inc({ outcome });
  }
}
