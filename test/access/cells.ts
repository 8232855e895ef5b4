import { includesRole, type Role, ROLES } from '../../src/kernel/principal';
import { type Scope } from '../../src/kernel/reach';
import { accessOf } from '../support/routes';

/** The worker that the table is about, as its tests make it. */
export const TARGET = { awsRegion: 'eu-west-1', tags: { team: 'net' } };
/** Another one, which shares nothing with it. */
export const OTHER = { awsRegion: 'us-east-1', tags: { team: 'voice' } };

const tag = ({ tags: { team } }: typeof TARGET) => ({ tags: [{ key: 'team', value: team }] });

/** The scopes that a caller is given, and whether the target is in them; null is all of the fleet. */
export function scopesOf(targetId: string, otherId: string): Record<string, Scope | null> {
  return {
    fleet: null,
    'region in': { regions: [TARGET.awsRegion] },
    'region out': { regions: [OTHER.awsRegion] },
    'tag in': tag(TARGET),
    'tag out': tag(OTHER),
    'worker in': { workerIds: [targetId] },
    'worker out': { workerIds: [otherId] },
  };
}

export type Outcome = '401' | 'role' | 'scope' | 'not there' | 'passes';

export interface Cell {
  readonly route: string;
  readonly caller: 'none' | 'wrong key' | Role;
  /** a name of `scopesOf`; of callers who are nobody it does not matter */
  readonly scope: string;
  readonly outcome: Outcome;
}

/** All cells of a route's row, by what the contract says of it. */
export function cellsOf(route: string, scopes: readonly string[]): Cell[] {
  const nobody = (['none', 'wrong key'] as const).map((caller) => ({ caller, scope: '' }));
  const somebody = ROLES.flatMap((caller) => scopes.map((scope) => ({ caller, scope })));
  return [...nobody, ...somebody].map((cell) => ({ route, ...cell, outcome: outcomeOf(route, cell) }));
}

function outcomeOf(route: string, { caller, scope }: Pick<Cell, 'caller' | 'scope'>): Outcome {
  const access = accessOf(route);
  if (!access) return 'passes';
  if (caller === 'none' || caller === 'wrong key') return '401';
  const isUser = access.orUser && caller === 'user';
  if (!isUser && !includesRole(caller, access.role)) return 'role';
  if (scope === 'fleet') return 'passes';
  if (access.scope === 'fleet') return 'scope';
  // an operation is asked for by its own id, and is its worker's
  const ofOne = access.scope === 'worker' || route.includes('/operations/{id}');
  return ofOne && scope.endsWith(' out') ? 'not there' : 'passes';
}
