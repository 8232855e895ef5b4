import { type Connection, type mongo } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { orphanId, type Sighting, SIGHTINGS_OF_AN_ORPHAN, type Suspect } from '../domain/orphan';
import { type CompleteListing, type OrphanCount, type OrphanPage, SightingStore } from '../domain/ports';

export const SIGHTINGS = 'orphan_sightings';
export const LISTINGS = 'orphan_listings';

interface SightingDocument extends Omit<Sighting, 'id'> {
  readonly _id: string;
}

/** The latest complete listing of a kind in a region: `<kind>|<region>`. */
interface ListingDocument extends Omit<OrphanCount, 'orphans'> {
  readonly _id: string;
}

const INDEXES: mongo.IndexDescription[] = [
  { name: 'newest', key: { firstSeenAt: -1, _id: -1 } },
  { name: 'place', key: { kind: 1, awsRegion: 1, lastSeenAt: 1 } },
];

const CONFIRMED = { sightings: { $gte: SIGHTINGS_OF_AN_ORPHAN } };

/**
 * The collections `orphan_sightings` and `orphan_listings`. Every write asks for an older time of the row, so a listing
 * that is recorded late, or again after a crash half-way, counts nothing twice and forgets nothing that was seen since.
 */
export class MongoSightings extends SightingStore {
  private readonly rows: mongo.Collection<SightingDocument>;
  private readonly listings: mongo.Collection<ListingDocument>;

  private constructor(connection: Connection) {
    super();
    this.rows = storeCollection(connection, SIGHTINGS);
    this.listings = storeCollection(connection, LISTINGS);
  }

  /** With its indexes. */
  static async open(connection: Connection): Promise<MongoSightings> {
    const sightings = new MongoSightings(connection);
    await answered(() => sightings.rows.createIndexes(INDEXES, PATIENT), null);
    return sightings;
  }

  async record(listing: CompleteListing): Promise<Sighting[]> {
    const { kind, awsRegion, listedAt, suspects } = listing;
    if (!(await this.isLatest(listing))) return [];
    const confirmed: Sighting[] = [];
    for (const suspect of suspects) {
      const seen = await this.see(suspect, listedAt);
      if (seen?.sightings === SIGHTINGS_OF_AN_ORPHAN) confirmed.push(seen);
    }
    await answered(() => this.rows.deleteMany({ kind, awsRegion, lastSeenAt: { $lt: listedAt } }));
    return confirmed;
  }

  async page({ kinds, awsRegions, after, limit }: OrphanPage): Promise<Sighting[]> {
    const query: mongo.Filter<SightingDocument> = {
      ...CONFIRMED,
      ...(kinds && { kind: { $in: [...kinds] } }),
      ...(awsRegions && { awsRegion: { $in: [...awsRegions] } }),
      ...(after && {
        $or: [
          { firstSeenAt: { $lt: after.firstSeenAt } },
          { firstSeenAt: after.firstSeenAt, _id: { $lt: after.id } },
        ],
      }),
    };
    const found = await answered(() =>
      this.rows.find(query).sort({ firstSeenAt: -1, _id: -1 }).limit(limit).toArray(),
    );
    return found.map(toSighting);
  }

  async find(id: string): Promise<Sighting | null> {
    const found = await answered(() => this.rows.findOne({ _id: id, ...CONFIRMED }));
    return found && toSighting(found);
  }

  async remove(id: string): Promise<void> {
    await answered(() => this.rows.deleteOne({ _id: id }));
  }

  async counts(): Promise<OrphanCount[]> {
    const listings = await answered(() => this.listings.find().sort({ _id: 1 }).toArray());
    return Promise.all(
      listings.map(async ({ _id, ...listing }) => {
        const { kind, awsRegion } = listing;
        const orphans = await answered(() => this.rows.countDocuments({ kind, awsRegion, ...CONFIRMED }));
        return { ...listing, orphans };
      }),
    );
  }

  /** Notes the listing, unless a later one was noted; again for the very same one, which may not have got to its end. */
  private async isLatest({ kind, awsRegion, listedAt, foreign }: CompleteListing): Promise<boolean> {
    const _id = `${kind}|${awsRegion}`;
    const values = { kind, awsRegion, listedAt, foreign };
    return answered(async () => {
      const replaced = await this.listings.updateOne({ _id, listedAt: { $lte: listedAt } }, { $set: values });
      if (replaced.matchedCount > 0) return true;
      try {
        await this.listings.insertOne({ _id, ...values });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    });
  }

  /** Null when a listing that was begun no earlier has seen it already. */
  private async see(suspect: Suspect, listedAt: Date): Promise<Sighting | null> {
    const { details, installationId } = suspect;
    const _id = orphanId(suspect);
    return answered(async () => {
      const seen = await this.rows.findOneAndUpdate(
        { _id, lastSeenAt: { $lt: listedAt } },
        { $set: { lastSeenAt: listedAt, details, installationId }, $inc: { sightings: 1 } },
        { returnDocument: 'after' },
      );
      if (seen) return toSighting(seen);
      const fresh = { _id, ...suspect, firstSeenAt: listedAt, lastSeenAt: listedAt, sightings: 1 };
      try {
        await this.rows.insertOne(fresh);
        return toSighting(fresh);
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
      }
    });
  }
}

function toSighting({ _id, ...rest }: SightingDocument): Sighting {
  return { id: _id, ...rest };
}
