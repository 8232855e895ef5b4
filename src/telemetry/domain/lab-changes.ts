import { type LabsValues, type LabSummary } from './observation';

/**
 * Whether somebody did something to the labs between two readings: made, deleted, started, stopped or edited one. Times
 * of change are compared with those of the same lab in the reading before, not with our clock, from which the server's
 * may differ. What an earlier version read has none, and tells nothing of edits.
 */
export function labsChanged(before: LabsValues | null, after: LabsValues): boolean {
  if (!before) return false;
  const known = new Map(before.labs.map((lab) => [lab.id, lab]));
  if (known.size !== after.labs.length) return true;
  return after.labs.some((lab) => {
    const earlier = known.get(lab.id);
    return !earlier || earlier.state !== lab.state || wasEdited(earlier, lab);
  });
}

/** When a lab was last changed, as the server says; what lies after the reading is a wrong clock's and left out. */
export function newestEdit({ labs }: LabsValues, readAt: Date): Date | null {
  const times = labs.flatMap(({ modifiedAt }) => (modifiedAt && modifiedAt <= readAt ? [modifiedAt] : []));
  return times.reduce<Date | null>((newest, time) => (newest && newest > time ? newest : time), null);
}

function wasEdited({ modifiedAt: before }: LabSummary, { modifiedAt: after }: LabSummary): boolean {
  return before != null && after != null && before.getTime() !== after.getTime();
}
