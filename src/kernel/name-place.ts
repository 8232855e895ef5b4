/** Where something with a name stands in a list by name, whatever its case; those of one name stand by their id. */
export interface NamePlace {
  readonly name: string;
  readonly id: string;
}

interface Named {
  readonly id: string;
  readonly state: { readonly name: string };
}

export function placeOf({ id, state }: Named): NamePlace {
  return { name: state.name.toLowerCase(), id };
}

/** Negative, zero or positive, as `sort` wants it. */
export function byName(a: Named, b: Named): number {
  return comparePlaces(placeOf(a), placeOf(b));
}

/** The first of a list by name that come after a place; null: from the beginning. */
export function pageByName<T extends Named>(list: readonly T[], after: NamePlace | null, limit: number): T[] {
  return list.filter((it) => !after || comparePlaces(placeOf(it), after) > 0).slice(0, limit);
}

function comparePlaces(a: NamePlace, b: NamePlace): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
