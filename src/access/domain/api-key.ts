import { AggregateRoot } from '../../kernel/aggregate-root';
import { ApiKeyEnded } from './access-errors';
import { ApiKeyCreated, type ApiKeyEvent, ApiKeyRevoked, ApiKeyRotated } from './api-key-events';

export type NewApiKey = ApiKeyCreated['data'];

export interface ApiKeyState extends NewApiKey {
  /** how many texts the key had before the present one */
  readonly rotations: number;
  /** fleet time; null: its text is the first one */
  readonly rotatedAt: Date | null;
  /** the text before the present one, while both may open; null: none does besides */
  readonly previous: FormerText | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** What is kept of a text: SHA-256 in base64url, and its first characters. */
export interface KeyTrace {
  readonly hash: string;
  readonly prefix: string;
}

export interface FormerText extends KeyTrace {
  /** machine time */
  readonly until: Date;
}

export interface Rotation extends KeyTrace {
  /** machine time until which the present text opens as well; null: no longer than until now */
  readonly overlapUntil: Date | null;
  readonly by: string;
}

/** A key by which a program or a person uses the API. Nothing of it changes but its text, which is replaced. */
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

  /** Gives the key a new text. One from before the present text opens nothing any more, overlap or not. @throws ApiKeyEnded */
  rotate({ by, ...text }: Rotation, { fleet, machine }: { fleet: Date; machine: Date }): void {
    if (!isUsable(this.state, machine)) throw new ApiKeyEnded(this.state.name);
    this.record(new ApiKeyRotated(this.id, { ...text, rotatedAt: fleet, rotatedBy: by }));
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

/** Whether the text that came after so many others opens anything at this time (machine time). */
export function isTextUsable(state: ApiKeyState, rotation: number, now: Date): boolean {
  if (!isUsable(state, now)) return false;
  if (rotation === state.rotations) return true;
  return rotation === state.rotations - 1 && state.previous !== null && state.previous.until > now;
}

/** Whether the key's holder administers the whole fleet. */
export function isFleetAdmin({ role, scope }: ApiKeyState): boolean {
  return role === 'admin' && scope === null;
}

/** What a creation event fills in; nothing reads it before. */
const NO_STATE = { revokedAt: null, revokedBy: null } as ApiKeyState;

function evolve(state: ApiKeyState, event: ApiKeyEvent): ApiKeyState {
  switch (event.type) {
    case 'api-key.created': {
      const first = { rotations: 0, rotatedAt: null, previous: null };
      return { ...event.data, ...first, revokedAt: null, revokedBy: null };
    }
    case 'api-key.rotated': {
      const { hash, prefix, overlapUntil: until, rotatedAt } = event.data;
      const previous = until && { hash: state.hash, prefix: state.prefix, until };
      return { ...state, hash, prefix, rotations: state.rotations + 1, rotatedAt, previous };
    }
    case 'api-key.revoked':
      return { ...state, ...event.data };
  }
}
