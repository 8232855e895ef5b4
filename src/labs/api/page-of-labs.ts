import { page, type Page } from '../../http';
import { type ShownLab } from '../application/get-labs.query';

interface LabPosition {
  readonly title: string;
  readonly id: string;
}

export interface LabsAsked {
  readonly states: readonly string[] | null;
  readonly owners: readonly string[] | null;
  readonly after: LabPosition | null;
  readonly limit: number;
}

/** Labs by title, those without one first. A reading has all of them, so they are filtered and parted here. */
export function pageOfLabs(
  labs: readonly ShownLab[],
  { states, owners, after, limit }: LabsAsked,
): Page<ShownLab> {
  const found = labs
    .filter(({ state }) => states?.includes(state) ?? true)
    .filter(({ owner }) => !owners || (owner !== null && owners.includes(owner)))
    .filter((lab) => !after || byTitle(positionOf(lab), after) > 0)
    .sort((a, b) => byTitle(positionOf(a), positionOf(b)));
  return page(found.slice(0, limit + 1), limit, positionOf);
}

function positionOf({ title, id }: ShownLab): LabPosition {
  return { title: title ?? '', id };
}

/** By code units: the same order in every process. */
function byTitle(a: LabPosition, b: LabPosition): number {
  if (a.title !== b.title) return a.title < b.title ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id !== b.id);
}
