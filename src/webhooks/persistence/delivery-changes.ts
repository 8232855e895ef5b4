import { AT_ONCE } from '../../event-store';
import { type Delivery, type DeliveryTry, KEPT_TRIES, type NewDelivery } from '../domain/delivery';
import { type DeliveryOutcome } from '../domain/ports';

export function freshDelivery(given: NewDelivery, createdAt: Date): Delivery {
  return {
    ...given,
    state: 'pending',
    createdAt,
    dueAt: AT_ONCE,
    attempts: 0,
    firstTryAt: null,
    deliveredAt: null,
    tries: [],
    owner: null,
    fence: 0,
  };
}

/** What a try changes, but for the time of the next one, which the store's clock decides. */
export function afterTry(delivery: Delivery, tried: DeliveryTry | null, { state }: DeliveryOutcome) {
  const { tries, attempts, firstTryAt, deliveredAt } = delivery;
  return {
    state,
    owner: null,
    deliveredAt: tried && state === 'delivered' ? tried.at : deliveredAt,
    ...(tried
      ? {
          tries: [...tries, tried].slice(-KEPT_TRIES),
          attempts: attempts + 1,
          firstTryAt: firstTryAt ?? tried.at,
        }
      : { tries, attempts, firstTryAt }),
  };
}

export const RENEWED = {
  state: 'pending',
  dueAt: AT_ONCE,
  attempts: 0,
  firstTryAt: null,
  owner: null,
} as const;
