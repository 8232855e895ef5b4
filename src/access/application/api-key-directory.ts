import { timingSafeEqual } from 'node:crypto';
import { type AggregateDirectory } from '../../event-store';
import {
  type ApiKey,
  type ApiKeyState,
  isFleetAdmin,
  isTextUsable,
  isUsable,
  type KeyTrace,
} from '../domain/api-key';

export interface ListedKey {
  readonly id: string;
  readonly state: ApiKeyState;
}

/** A key that was recognised by one of its texts. */
export interface RecognisedKey extends ListedKey {
  /** how many texts the key had before this one */
  readonly rotation: number;
  /** machine time; null: never by time alone */
  readonly goodUntil: Date | null;
}

/** All API keys, in memory: every request asks for one. */
export class ApiKeyDirectory {
  /** by the first characters of their texts, which are no secret; also of texts that open no more */
  private readonly idsByPrefix = new Map<string, Set<string>>();

  constructor(private readonly keys: AggregateDirectory<ApiKey, ApiKeyState>) {
    keys.listen(({ id, state }) => {
      for (const prefix of [state.prefix, state.previous?.prefix]) if (prefix) this.index(prefix, id);
    });
  }

  /** Takes a key as it is now, unless a newer state of it is here already. */
  put(key: ApiKey): void {
    this.keys.put(key);
  }

  /** Whether no key was ever created. */
  get isEmpty(): boolean {
    return this.keys.all().length === 0;
  }

  /**
   * The key with this text if it opens anything at this time. Every text with the same beginning is compared, each in
   * constant time: how long it takes tells nothing of what is stored.
   */
  recognise({ hash, prefix }: KeyTrace, now: Date): RecognisedKey | null {
    let found: RecognisedKey | null = null;
    for (const id of this.idsByPrefix.get(prefix) ?? []) {
      const state = this.keys.get(id)?.state;
      if (!state) continue;
      const { rotations, previous, expiresAt } = state;
      if (sameHash(state.hash, hash)) found = { id, state, rotation: rotations, goodUntil: expiresAt };
      if (previous && sameHash(previous.hash, hash)) {
        found = { id, state, rotation: rotations - 1, goodUntil: earlier(previous.until, expiresAt) };
      }
    }
    return found && isTextUsable(found.state, found.rotation, now) ? found : null;
  }

  /** Whether the key's text that came after so many others opens anything at this time. */
  isUsable(id: string, rotation: number, now: Date): boolean {
    const key = this.keys.get(id);
    return key !== null && isTextUsable(key.state, rotation, now);
  }

  /** Calls the listener after each change; answers the function that ends it. It must not throw. */
  listen(listener: () => void): () => void {
    return this.keys.listen(() => listener());
  }

  /**
   * Whether nobody could administer the whole fleet, at this time or at a later one, if this key were gone: another one
   * stands in for it only where it works as long.
   */
  isLastAdmin(id: string, now: Date): boolean {
    const admins = this.keys.all().filter(({ state }) => isFleetAdmin(state) && isUsable(state, now));
    const own = admins.find((key) => key.id === id);
    return own !== undefined && !admins.some((key) => key !== own && endOf(key.state) >= endOf(own.state));
  }

  /** All keys that are not revoked, expired ones too, oldest first. */
  list(): ListedKey[] {
    return this.keys
      .all()
      .filter(({ state }) => !state.revokedAt)
      .map(({ id, state }) => ({ id, state }))
      .sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
  }

  private index(prefix: string, id: string): void {
    const ids = this.idsByPrefix.get(prefix) ?? new Set();
    this.idsByPrefix.set(prefix, ids.add(id));
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

function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Machine milliseconds; Infinity for a key that does not expire. */
function endOf({ expiresAt }: ApiKeyState): number {
  return expiresAt?.getTime() ?? Infinity;
}

function earlier(a: Date, b: Date | null): Date {
  return b && b < a ? b : a;
}
