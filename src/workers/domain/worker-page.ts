import { type WorkerPagePosition, type WorkerRecord, type WorkerSort } from './ports';

/** How a list can be sorted: the field, and whether the largest comes first. Unknown (null) values come first. */
export const SORT_ORDER: Readonly<Record<WorkerSort, { readonly descending: boolean }>> = {
  '-createdAt': { descending: true },
  name: { descending: false },
  lastActivityAt: { descending: false },
};

/** The value that a worker is sorted by. */
export function sortValue(record: WorkerRecord, sort: WorkerSort): string | null {
  switch (sort) {
    case '-createdAt':
      return record.createdAt.toISOString();
    case 'name':
      return record.name.toLowerCase();
    case 'lastActivityAt':
      return record.lastActivityAt?.toISOString() ?? null;
  }
}

export function positionOf(record: WorkerRecord, sort: WorkerSort): WorkerPagePosition {
  return { value: sortValue(record, sort), id: record.id };
}
