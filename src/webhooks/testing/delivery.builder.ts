import { type NewDelivery } from '../domain/delivery';

/** A new delivery of the webhook `w-1`, but for what is stated. */
export function aDelivery(given: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id: 'd-1',
    webhookId: 'w-1',
    eventId: 'e-1',
    eventType: 'io.cml-fleet.worker.created.v1',
    subject: 'worker-1',
    position: 1,
    body: '{"id":"e-1"}',
    isPing: false,
    ...given,
  };
}
