import { AggregateRoot } from '../../kernel/aggregate-root';
import { ApiKeyCreated, type ApiKeyEvent, ApiKeyRevoked } from './api-key-events';

export type NewApiKey = ApiKeyCreated['data'];

export interface ApiKeyState extends NewApiKey {
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** A key by which a program or a person uses the API. It does not change; it is revoked and replaced. */
export class ApiKey extends AggregateRoot<ApiKeyState, ApiKeyEvent> {
  static create(id: string, given: NewApiKey): ApiKey {
    const key = new ApiKey(id, NO_STATE, 0);
    key.record(new ApiKeyCreated(id, given));
    return key;
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly ApiKeyEvent[],
    { state, version }: { state: ApiKeyState; version: number } = { state: NO_STATE, version: 0 },
  ): ApiKey {
    return new ApiKey(id, events.reduce(evolve, state), version + events.length);
  }

  /** False if it was revoked already. */
  revoke(by: string, now: Date): boolean {
    if (this.state.revokedAt) return false;
    this.record(new ApiKeyRevoked(this.id, { revokedAt: now, revokedBy: by }));
    return true;
  }

  protected evolve(state: ApiKeyState, event: ApiKeyEvent): ApiKeyState {
    return evolve(state, event);
  }
}

/** Whether the key opens anything at this time (machine time). */
export function isUsable({ revokedAt, expiresAt }: ApiKeyState, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** What a creation event fills in; nothing reads it before. */
const NO_STATE = { revokedAt: null, revokedBy: null } as ApiKeyState;

function evolve(state: ApiKeyState, event: ApiKeyEvent): ApiKeyState {
  switch (event.type) {
    case 'api-key.created':
      return { ...event.data, revokedAt: null, revokedBy: null };
    case 'api-key.revoked':
      return { ...state, ...event.data };
  }
}
