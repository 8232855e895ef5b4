/** One attempt to send a delivery. */
export interface DeliveryTry {
  /** machine time at which it began */
  readonly at: Date;
  /** HTTP status of the answer; null without one */
  readonly status: number | null;
  readonly durationMs: number;
  /** why it does not count as delivered, without anything of the URL or the answer; null if it does */
  readonly error: string | null;
}

/** `failed` ones are parked: nobody tries them until a person asks for it. */
export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What is known of an event when its delivery is made. Everything that a try sends stands in it. */
export interface NewDelivery {
  /** `webhook-id`: the same for each try, by which a receiver knows a repetition */
  readonly id: string;
  readonly webhookId: string;
  /** of the CloudEvent */
  readonly eventId: string;
  readonly eventType: string;
  readonly subject: string;
  /** place of the event in the log, by which deliveries that are due at once are ordered; 0 for a ping */
  readonly position: number;
  /** the very text that is sent and signed */
  readonly body: string;
  /** a ping is sent once, when a person asks for it */
  readonly isPing: boolean;
}

/** An event on its way to a webhook. All times are machine time. */
export interface Delivery extends NewDelivery {
  readonly state: DeliveryState;
  readonly createdAt: Date;
  /** when it is tried next, or, while a process has it, until when that one has it; of no meaning unless pending */
  readonly dueAt: Date;
  /** tries since it was made, or since a person asked for it anew */
  readonly attempts: number;
  /** of the first of these tries */
  readonly firstTryAt: Date | null;
  readonly deliveredAt: Date | null;
  /** the latest ones, oldest first */
  readonly tries: readonly DeliveryTry[];
  readonly owner: string | null;
  /** grows by one with each new owner: a late owner's writes are refused by it */
  readonly fence: number;
}

/** Tries that the log of a delivery keeps. */
export const KEPT_TRIES = 10;
