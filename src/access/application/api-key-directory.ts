import { timingSafeEqual } from 'node:crypto';
import { aggregateIdOf, type EventDecoder, type LogEntry, streamOf } from '../../event-store';
import { ApiKey, type ApiKeyState, isUsable } from '../domain/api-key';
import { type ApiKeyEvent } from '../domain/api-key-events';

export interface ListedKey {
  readonly id: string;
  readonly state: ApiKeyState;
}

/**
 * The present state of all API keys, in memory: every request asks it. It is fed from the log, which tells what other
 * processes did within a second, and at once with what this process does.
 */
export class ApiKeyDirectory {
  private readonly keys = new Map<string, ApiKey>();
  private readonly idsByHash = new Map<string, string>();

  constructor(
    private readonly decoder: EventDecoder,
    private readonly streamPrefix: string,
  ) {}

  /** Takes a key as it is now, unless a newer state of it is here already. */
  put(key: ApiKey): void {
    if ((this.keys.get(key.id)?.version ?? 0) >= key.version) return;
    this.keys.set(key.id, key);
    this.idsByHash.set(key.state.hash, key.id);
  }

  /** Takes what the log tells; entries about other things and about the past change nothing. */
  follow({ commit }: LogEntry): void {
    const id = aggregateIdOf(commit.stream);
    if (commit.stream !== streamOf(this.streamPrefix, id)) return;
    const present = this.keys.get(id);
    const version = present?.version ?? 0;
    if (commit.first !== version + 1) return;
    const events = this.decoder.decode(commit) as ApiKeyEvent[];
    this.put(ApiKey.restore(id, events, present && { state: present.state, version }));
  }

  /** Whether no key was ever created. */
  get isEmpty(): boolean {
    return this.keys.size === 0;
  }

  /** The key with this hash if it is neither revoked nor expired at this time. */
  usable(hash: string, now: Date): ListedKey | null {
    const key = this.keys.get(this.idsByHash.get(hash) ?? '');
    if (!key || !sameText(key.state.hash, hash) || !isUsable(key.state, now)) return null;
    return { id: key.id, state: key.state };
  }

  /** Whether nobody could administer the fleet at this time if this key were gone. */
  isLastAdmin(id: string, now: Date): boolean {
    const admins = [...this.keys.values()].filter(
      ({ state }) => state.role === 'admin' && isUsable(state, now),
    );
    return admins.length === 1 && admins[0]?.id === id;
  }

  /** All keys that are not revoked, expired ones too, oldest first. */
  list(): ListedKey[] {
    return [...this.keys.values()]
      .filter(({ state }) => !state.revokedAt)
      .map(({ id, state }) => ({ id, state }))
      .sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
  }
}

/** Where a key stands in the list. */
export interface KeyPosition {
  readonly createdAt: string;
  readonly id: string;
}

export function positionOf({ id, state }: ListedKey): KeyPosition {
  return { createdAt: state.createdAt.toISOString(), id };
}

export function comparePositions(a: KeyPosition, b: KeyPosition): number {
  const [left, right] = [`${a.createdAt} ${a.id}`, `${b.createdAt} ${b.id}`];
  return left < right ? -1 : Number(left > right);
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
