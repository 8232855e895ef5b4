import { timingSafeEqual } from 'node:crypto';
import { type AggregateDirectory } from '../../event-store';
import { type ApiKey, type ApiKeyState, isUsable } from '../domain/api-key';

export interface ListedKey {
  readonly id: string;
  readonly state: ApiKeyState;
}

/** All API keys, in memory: every request asks for one. */
export class ApiKeyDirectory {
  private readonly idsByHash = new Map<string, string>();

  constructor(private readonly keys: AggregateDirectory<ApiKey, ApiKeyState>) {
    keys.listen(({ id, state }) => this.idsByHash.set(state.hash, id));
  }

  /** Takes a key as it is now, unless a newer state of it is here already. */
  put(key: ApiKey): void {
    this.keys.put(key);
  }

  /** Whether no key was ever created. */
  get isEmpty(): boolean {
    return this.keys.all().length === 0;
  }

  /** The key with this hash if it is neither revoked nor expired at this time. */
  usable(hash: string, now: Date): ListedKey | null {
    const key = this.keys.get(this.idsByHash.get(hash) ?? '');
    if (!key || !sameText(key.state.hash, hash) || !isUsable(key.state, now)) return null;
    return { id: key.id, state: key.state };
  }

  isUsable(id: string, now: Date): boolean {
    const key = this.keys.get(id);
    return key !== null && isUsable(key.state, now);
  }

  /** Calls the listener after each change; answers the function that ends it. It must not throw. */
  listen(listener: () => void): () => void {
    return this.keys.listen(() => listener());
  }

  /** Whether nobody could administer the fleet at this time if this key were gone. */
  isLastAdmin(id: string, now: Date): boolean {
    const admins = this.keys.all().filter(({ state }) => state.role === 'admin' && isUsable(state, now));
    return admins.length === 1 && admins[0]?.id === id;
  }

  /** All keys that are not revoked, expired ones too, oldest first. */
  list(): ListedKey[] {
    return this.keys
      .all()
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
