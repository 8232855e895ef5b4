import { HOUR, plus } from '../../kernel/clocks';
import { type LicensePoolEvent, type PoolDetails, type PoolToken } from './license-pool-events';
import { type LicenseStatusValue } from './license-reading';

/** What a worker has of a pool. */
export interface SeatHolding {
  readonly workerId: string;
  /** stranded: the licence could not be given back, and is counted until a person frees the seat */
  readonly state: 'taken' | 'stranded';
  /** when it was first taken */
  readonly since: Date;
  /** why it is stranded, and since when; null while it is not */
  readonly stranded: { readonly reason: string; readonly at: Date } | null;
  /** the token that the worker was last to be registered with */
  readonly token: PoolToken;
  /** what its server said of the licence since the seat was taken, and since when; null: nothing so far */
  readonly reported: { readonly licenseStatus: LicenseStatusValue; readonly at: Date } | null;
}

/** A token that was replaced. */
export interface FormerToken extends PoolToken {
  readonly replacedAt: Date;
}

export interface LicensePoolState extends PoolDetails {
  readonly token: PoolToken;
  /** oldest first */
  readonly formerTokens: readonly FormerToken[];
  /** in the order in which they were taken */
  readonly seats: readonly SeatHolding[];
  /** counts changes by people, not those of seats by the program; the HTTP API's `version` */
  readonly revision: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
}

/** A registration that was begun with a token may still want to know it when it is replaced. */
const TOKEN_KEPT_MS = 24 * HOUR;

/** Refs of the tokens that somebody may still need; a deleted pool needs none. */
export function tokenRefsOf(
  { token, formerTokens, seats, deletedAt }: LicensePoolState,
  now: Date,
): string[] {
  if (deletedAt) return [];
  const used = new Set(seats.map((seat) => seat.token.ref));
  const former = formerTokens.filter(
    ({ ref, replacedAt }) => used.has(ref) || now < plus(replacedAt, TOKEN_KEPT_MS),
  );
  return [token.ref, ...former.map(({ ref }) => ref)];
}

/** What a creation event fills in; nothing reads it before. */
export const NO_POOL = { seats: [], deletedAt: null } as unknown as LicensePoolState;

/** Events after which the HTTP API's `version` is a new one. */
const REVISIONS: readonly LicensePoolEvent['type'][] = [
  'license-pool.updated',
  'license-pool.token-replaced',
  'license-pool.seat-freed',
  'license-pool.deleted',
];

export function evolvePool(state: LicensePoolState, event: LicensePoolEvent): LicensePoolState {
  const next = apply(state, event);
  return REVISIONS.includes(event.type) ? { ...next, revision: next.revision + 1 } : next;
}

function apply(state: LicensePoolState, event: LicensePoolEvent): LicensePoolState {
  switch (event.type) {
    case 'license-pool.created': {
      const empty = { formerTokens: [], seats: [], revision: 1, deletedAt: null };
      return { ...event.data, ...empty, updatedAt: event.data.createdAt };
    }
    case 'license-pool.updated':
      return { ...state, ...event.data };
    case 'license-pool.token-replaced': {
      const { token, updatedAt } = event.data;
      const formerTokens = [...state.formerTokens, { ...state.token, replacedAt: updatedAt }];
      return { ...state, token, formerTokens, updatedAt };
    }
    case 'license-pool.seat-taken':
      return withSeat(state, event.data);
    case 'license-pool.seat-stranded': {
      const { workerId, ...stranded } = event.data;
      return changed(state, workerId, (seat) => ({ ...seat, state: 'stranded', stranded }));
    }
    case 'license-pool.seat-reported': {
      const { workerId, ...reported } = event.data;
      return changed(state, workerId, (seat) => ({ ...seat, reported }));
    }
    case 'license-pool.seat-released':
      return without(state, event.data.workerId);
    case 'license-pool.seat-freed':
      return { ...without(state, event.data.workerId), updatedAt: event.data.at };
    case 'license-pool.deleted':
      return { ...state, seats: [], updatedAt: event.data.at, deletedAt: event.data.at };
  }
}

type Taken = Extract<LicensePoolEvent, { type: 'license-pool.seat-taken' }>['data'];

function withSeat(state: LicensePoolState, { workerId, token, at }: Taken): LicensePoolState {
  if (!state.seats.some((seat) => seat.workerId === workerId)) {
    const seat = { workerId, state: 'taken', since: at, stranded: null, token, reported: null } as const;
    return { ...state, seats: [...state.seats, seat] };
  }
  return changed(state, workerId, (seat) => ({ ...seat, state: 'taken', stranded: null, token }));
}

function changed(
  state: LicensePoolState,
  workerId: string,
  change: (seat: SeatHolding) => SeatHolding,
): LicensePoolState {
  return { ...state, seats: state.seats.map((seat) => (seat.workerId === workerId ? change(seat) : seat)) };
}

function without(state: LicensePoolState, workerId: string): LicensePoolState {
  return { ...state, seats: state.seats.filter((seat) => seat.workerId !== workerId) };
}
