import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { mongo, type Connection } from 'mongoose';
import { answered, isDuplicateKey, PATIENT, storeCollection } from '../../event-store';
import { type MachineClock } from '../../kernel/clocks';
import { Secret } from '../../kernel/secret';
import { type KeptTopology, TOPOLOGY_LIMIT_BYTES } from '../domain/kept-topology';
import { type TopologyPosition, TopologyStore } from '../domain/ports';

export const LAB_TOPOLOGIES = 'lab_topologies';

interface TopologyDocument extends Omit<KeptTopology, 'id'> {
  readonly _id: string;
  readonly gzip: mongo.Binary;
  /** machine time at which it was last kept, from which its life is counted */
  readonly storedAt: Date;
}

const KEPT_SECONDS = 90 * 24 * 60 * 60;

const INDEXES: mongo.IndexDescription[] = [
  { name: 'newest', key: { workerId: 1, keptAt: -1, _id: -1 } },
  { name: 'expiry', key: { storedAt: 1 }, expireAfterSeconds: KEPT_SECONDS },
];

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** The collection `lab_topologies`; the database forgets one 90 days after it was last kept. */
export class MongoTopologies extends TopologyStore {
  private readonly rows: mongo.Collection<TopologyDocument>;

  private constructor(
    connection: Connection,
    private readonly clock: MachineClock,
  ) {
    super();
    this.rows = storeCollection(connection, LAB_TOPOLOGIES);
  }

  /** With its indexes. */
  static async open(connection: Connection, clock: MachineClock): Promise<MongoTopologies> {
    const topologies = new MongoTopologies(connection, clock);
    await answered(() => topologies.rows.createIndexes(INDEXES, PATIENT), null);
    return topologies;
  }

  async keep({ id: _id, ...rest }: KeptTopology, text: Secret): Promise<void> {
    const storedAt = this.clock.now();
    const again = { $max: { confirmedAt: rest.confirmedAt, storedAt } };
    const known = await answered(() => this.rows.updateOne({ _id }, again));
    if (known.matchedCount > 0) return;
    const bytes = new mongo.Binary(await zip(text.reveal()));
    await answered(async () => {
      try {
        await this.rows.insertOne({ _id, ...rest, storedAt, gzip: bytes });
      } catch (error) {
        // somebody else kept it at the same moment
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async page(workerId: string, after: TopologyPosition | null, limit: number): Promise<KeptTopology[]> {
    const earlier = after && {
      $or: [{ keptAt: { $lt: after.keptAt } }, { keptAt: after.keptAt, _id: { $lt: after.id } }],
    };
    const found = await answered(() =>
      this.rows
        .find({ workerId, ...earlier }, { projection: { gzip: 0 } })
        .sort({ keptAt: -1, _id: -1 })
        .limit(limit)
        .toArray(),
    );
    return found.map(toTopology);
  }

  async find(workerId: string, id: string) {
    const found = await answered(() => this.rows.findOne({ _id: id, workerId }));
    if (!found) return null;
    const text = await unzip(found.gzip.buffer, { maxOutputLength: TOPOLOGY_LIMIT_BYTES });
    return { topology: toTopology(found), text: new Secret(text.toString('utf8')) };
  }
}

function toTopology({ _id, gzip: _gzip, storedAt: _storedAt, ...rest }: TopologyDocument): KeptTopology {
  return { id: _id, ...rest };
}
