import { orphanId, type OrphanKind, type Sighting, SIGHTINGS_OF_AN_ORPHAN } from '../domain/orphan';
import {
  type CompleteListing,
  type OrphanCount,
  type OrphanPage,
  type OrphanPosition,
  SightingStore,
} from '../domain/ports';

/** What was seen, in the memory of one process. */
export class MemorySightings extends SightingStore {
  private readonly rows = new Map<string, Sighting>();
  private readonly listings = new Map<string, CompleteListing>();

  record(listing: CompleteListing): Promise<Sighting[]> {
    const { kind, awsRegion, listedAt, suspects } = listing;
    const place = `${kind}|${awsRegion}`;
    const before = this.listings.get(place);
    if (before && before.listedAt >= listedAt) return Promise.resolve([]);
    this.listings.set(place, listing);
    const confirmed: Sighting[] = [];
    for (const suspect of suspects) {
      const id = orphanId(suspect);
      const seen = this.rows.get(id);
      const sightings = (seen?.sightings ?? 0) + 1;
      const firstSeenAt = seen?.firstSeenAt ?? listedAt;
      const row = { ...suspect, id, firstSeenAt, lastSeenAt: listedAt, sightings };
      this.rows.set(id, row);
      if (sightings === SIGHTINGS_OF_AN_ORPHAN) confirmed.push(row);
    }
    for (const row of this.rows.values()) {
      const isHere = row.kind === kind && row.awsRegion === awsRegion;
      if (isHere && row.lastSeenAt < listedAt) this.rows.delete(row.id);
    }
    return Promise.resolve(confirmed);
  }

  page({ kinds, awsRegions, after, limit }: OrphanPage): Promise<Sighting[]> {
    const found = this.orphans()
      .filter(({ kind }) => kinds?.includes(kind) ?? true)
      .filter(({ awsRegion }) => awsRegions?.includes(awsRegion) ?? true)
      .filter((row) => !after || latestFirst(row, after) > 0)
      .sort(latestFirst);
    return Promise.resolve(found.slice(0, limit));
  }

  find(id: string): Promise<Sighting | null> {
    return Promise.resolve(this.orphans().find((row) => row.id === id) ?? null);
  }

  remove(id: string): Promise<void> {
    this.rows.delete(id);
    return Promise.resolve();
  }

  counts(): Promise<OrphanCount[]> {
    const count = (kind: OrphanKind, region: string) =>
      this.orphans().filter((row) => row.kind === kind && row.awsRegion === region).length;
    const counts = [...this.listings.values()].map(({ kind, awsRegion, listedAt, foreign }) => {
      return { kind, awsRegion, listedAt, foreign, orphans: count(kind, awsRegion) };
    });
    return Promise.resolve(counts);
  }

  private orphans(): Sighting[] {
    return [...this.rows.values()].filter(({ sightings }) => sightings >= SIGHTINGS_OF_AN_ORPHAN);
  }
}

function latestFirst(a: OrphanPosition, b: OrphanPosition): number {
  const byTime = b.firstSeenAt.getTime() - a.firstSeenAt.getTime();
  return byTime || (a.id < b.id ? 1 : Number(a.id !== b.id) * -1);
}
