import { AggregateRoot } from '../../kernel/aggregate-root';
import { HOUR, plus } from '../../kernel/clocks';
import { WebhookNotFound } from './webhook-errors';
import {
  WebhookCreated,
  WebhookDeleted,
  type WebhookDetails,
  WebhookDisabled,
  WebhookEnabled,
  type WebhookEvent,
  WebhookSecretRotated,
  WebhookUpdated,
} from './webhook-events';

/** How long the secret before signs as well after a rotation. Machine milliseconds. */
export const OVERLAP = 24 * HOUR;

export type NewWebhook = WebhookCreated['data'];

export interface WebhookState extends NewWebhook {
  readonly updatedAt: Date;
  readonly previousSecretRef: string | null;
  /** machine time */
  readonly previousUntil: Date | null;
  /** null while it is enabled */
  readonly disabled: { readonly reason: string; readonly at: Date } | null;
  readonly deletedAt: Date | null;
}

/** Where a program of somebody else is told of events, and of which. Times are fleet time unless said otherwise. */
export class Webhook extends AggregateRoot<WebhookState, WebhookEvent> {
  static create(id: string, given: NewWebhook): Webhook {
    const webhook = new Webhook(id, NO_STATE, 0);
    webhook.record(new WebhookCreated(id, given));
    return webhook;
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly WebhookEvent[],
    { state, version }: { state: WebhookState; version: number } = { state: NO_STATE, version: 0 },
  ): Webhook {
    return new Webhook(id, events.reduce(evolve, state), version + events.length);
  }

  /** @throws WebhookNotFound when it is deleted, as every change does */
  update(changes: Partial<WebhookDetails>, now: Date): void {
    this.mustBeThere();
    const { url, origin, types, workerIds, description } = this.state;
    const before = { url, origin, types, workerIds, description };
    const after = { ...before, ...changes };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.record(new WebhookUpdated(this.id, { ...after, updatedAt: now }));
  }

  enable(now: Date): void {
    this.mustBeThere();
    if (this.state.disabled) this.record(new WebhookEnabled(this.id, { at: now }));
  }

  /** The first reason stands. */
  disable(reason: string, now: Date): void {
    this.mustBeThere();
    if (!this.state.disabled) this.record(new WebhookDisabled(this.id, { reason, at: now }));
  }

  /** @param machineNow what the time in which both secrets sign begins with */
  rotateSecret(next: { secretRef: string; secretFingerprint: string }, machineNow: Date): void {
    this.mustBeThere();
    const previous = {
      previousSecretRef: this.state.secretRef,
      previousUntil: plus(machineNow, OVERLAP),
    };
    this.record(new WebhookSecretRotated(this.id, { ...next, ...previous }));
  }

  delete(now: Date): void {
    if (!this.state.deletedAt) this.record(new WebhookDeleted(this.id, { at: now }));
  }

  protected evolve(state: WebhookState, event: WebhookEvent): WebhookState {
    return evolve(state, event);
  }

  private mustBeThere(): void {
    if (this.state.deletedAt) throw new WebhookNotFound(this.id);
  }
}

/** Refs of the secrets that sign at this time (machine time), the present one first. */
export function signingRefs(state: WebhookState, now: Date): string[] {
  const { secretRef, previousSecretRef, previousUntil } = state;
  const overlaps = previousSecretRef !== null && previousUntil !== null && now < previousUntil;
  return overlaps ? [secretRef, previousSecretRef] : [secretRef];
}

/** Refs of all secrets that it may still need; a deleted one needs none. */
export function secretRefsOf({ secretRef, previousSecretRef, deletedAt }: WebhookState): string[] {
  if (deletedAt) return [];
  return previousSecretRef === null ? [secretRef] : [secretRef, previousSecretRef];
}

/** What a creation event fills in; nothing reads it before. */
const NO_STATE = { deletedAt: null } as WebhookState;

function evolve(state: WebhookState, event: WebhookEvent): WebhookState {
  switch (event.type) {
    case 'webhook.created':
      return {
        ...event.data,
        updatedAt: event.data.createdAt,
        previousSecretRef: null,
        previousUntil: null,
        disabled: null,
        deletedAt: null,
      };
    case 'webhook.updated':
    case 'webhook.secret-rotated':
      return { ...state, ...event.data };
    case 'webhook.enabled':
      return { ...state, disabled: null };
    case 'webhook.disabled':
      return { ...state, disabled: event.data };
    case 'webhook.deleted':
      return { ...state, deletedAt: event.data.at };
  }
}
