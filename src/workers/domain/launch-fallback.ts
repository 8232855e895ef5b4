import { placementsOf, type Placement } from './launch-settings';
import { type ComputeFailure } from './worker-errors';
import { type StatusReason, type WorkerState } from './worker-state';

/** What a definite refusal of one placement says about the others of the ordered list. */
const FALLBACK: Readonly<Record<ComputeFailure, 'next-placement' | 'next-type' | 'same'>> = {
  capacity: 'next-placement',
  placement: 'next-placement',
  // quotas go by instance family, and are the same in every subnet
  quota: 'next-type',
  throttled: 'same',
  unreachable: 'same',
  later: 'same',
  credentials: 'same',
  rejected: 'same',
  'wrong-state': 'same',
  'not-found': 'same',
  'token-spent': 'same',
  unclear: 'same',
};

/** Where the next launch is tried. An index beyond the list, of a list that became shorter, begins it again. */
export function placementOf(state: WorkerState): Placement {
  const placements = placementsOf(state.launch);
  return (
    placements[state.nextPlacement] ?? placements[0] ?? { instanceType: state.instanceType, subnetId: null }
  );
}

/**
 * What follows from a refusal of the placement that was tried: the next one of the list is tried at once, and only after
 * the last one there is a pause before the first one's turn comes again.
 */
export function afterRefusal(
  state: WorkerState,
  failure: ComputeFailure,
  reason: StatusReason,
): { readonly nextPlacement: number; readonly reason: StatusReason } {
  const placements = placementsOf(state.launch);
  const tried = Math.min(state.nextPlacement, placements.length - 1);
  const next = nextIndex(placements, tried, FALLBACK[failure]);
  if (next === tried) return { nextPlacement: tried, reason };
  const placement = placements[next];
  if (placement === undefined) return { nextPlacement: 0, reason };
  const message = `${reason.message} Next: ${placement.instanceType} in ${placement.subnetId ?? 'the default subnet'}.`;
  return { nextPlacement: next, reason: { ...reason, message, nextTryAt: reason.at } };
}

/** The length of the list where nothing is left. */
function nextIndex(
  placements: readonly Placement[],
  tried: number,
  fallback: (typeof FALLBACK)[ComputeFailure],
): number {
  switch (fallback) {
    case 'same':
      return tried;
    case 'next-placement':
      return tried + 1;
    case 'next-type': {
      const type = placements[tried]?.instanceType;
      const later = placements.findIndex(({ instanceType }, index) => index > tried && instanceType !== type);
      return later === -1 ? placements.length : later;
    }
  }
}
