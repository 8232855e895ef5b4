import { type Connection, type mongo } from 'mongoose';
import { commitIdOf, idsOfKind } from '../stream-name';
import { storeCollection } from './collections';
import { type CommitDocument, COMMITS, LOG, type LogDocument } from './commit-document';
import { answered } from './driver-errors';
import { RESERVATIONS, type ReservationDocument } from './mongo-reservations';
import { SNAPSHOTS, type SnapshotDocument } from './mongo-snapshot-store';
import { SUBSCRIPTIONS } from './mongo-subscriptions';

const LAST_VERSION = 9_999_999_999;
/** Documents with an id of a wrong type are named up to this many. */
const STRANGERS = 100;

/**
 * Everything that is stored, as it is stored, in batches by id: for the audit. Nothing is taken for what its type says,
 * since others may have written it.
 */
export class MongoAuditSource {
  private readonly commits: mongo.Collection<CommitDocument>;
  private readonly log: mongo.Collection<LogDocument>;

  constructor(private readonly connection: Connection) {
    this.commits = storeCollection(connection, COMMITS);
    this.log = storeCollection(connection, LOG);
  }

  commitsAfter(id: string | null, limit: number): Promise<CommitDocument[]> {
    return this.page(this.commits, id ?? '', limit);
  }

  /** Ids that are no text: a range of texts does not see them. */
  strangeCommits(): Promise<unknown[]> {
    return strangers(this.commits, { _id: { $not: { $type: 'string' } } });
  }

  countCommits(): Promise<number> {
    return answered(() => this.commits.estimatedDocumentCount());
  }

  /** Positions of the commits that stand in the log. */
  async placesOf(ids: readonly string[]): Promise<Map<string, number>> {
    const found = await answered(() => this.log.find({ commit: { $in: [...ids] } }).toArray());
    return new Map(found.map(({ _id, commit }) => [commit, _id]));
  }

  /** Streams and hashes of the commits that are there. */
  async sealsOf(ids: readonly string[]): Promise<Map<string, { stream: string; hash: string }>> {
    const wanted = { _id: { $in: ids.filter((id) => typeof id === 'string') } };
    const found = await answered(() =>
      this.commits.find(wanted).project<CommitDocument>({ stream: 1, hash: 1 }).toArray(),
    );
    return new Map(found.map(({ _id, stream, hash }) => [_id, { stream, hash: String(hash) }]));
  }

  linesAfter(position: number, limit: number): Promise<LogDocument[]> {
    return this.page(this.log, position, limit);
  }

  strangeLines(): Promise<unknown[]> {
    const wrong = [{ _id: { $not: { $type: 'number' } } }, { _id: { $lt: 1 } }];
    return strangers(this.log, { $or: wrong });
  }

  countLines(): Promise<number> {
    return answered(() => this.log.estimatedDocumentCount());
  }

  async logEnd(): Promise<number> {
    const last = await answered(() => this.log.findOne({ _id: { $gt: 0 } }, { sort: { _id: -1 } }));
    return last?._id ?? 0;
  }

  /** The last commit of the stream that begins at the version or before. */
  commitUpTo(stream: string, version: number): Promise<CommitDocument | null> {
    const _id = { $gt: commitIdOf(stream, 0), $lte: commitIdOf(stream, Math.min(version, LAST_VERSION)) };
    return answered(() => this.commits.findOne({ _id }, { sort: { _id: -1 } }));
  }

  /** The stream's version; 0 when it is not there. */
  async headOf(stream: string): Promise<number> {
    return (await this.commitUpTo(stream, LAST_VERSION))?.last ?? 0;
  }

  /** Streams of a kind after the given one, in the order of their commits' ids: one look for each. */
  async streamsAfter(kind: string, stream: string | null, limit: number): Promise<string[]> {
    const { from, below } = idsOfKind(kind);
    const streams: string[] = [];
    for (let after = stream === null ? from : commitIdOf(stream, LAST_VERSION); streams.length < limit;) {
      const query = { _id: { $gt: after, $lt: below } };
      const next = await answered(() =>
        this.commits.findOne(query, { sort: { _id: 1 }, projection: { _id: 1 } }),
      );
      if (!next) break;
      const found = next._id.slice(0, next._id.lastIndexOf(':'));
      streams.push(found);
      after = commitIdOf(found, LAST_VERSION);
    }
    return streams;
  }

  snapshotsAfter(stream: string | null, limit: number): Promise<SnapshotDocument[]> {
    return this.page(storeCollection<SnapshotDocument>(this.connection, SNAPSHOTS), stream ?? '', limit);
  }

  countSnapshots(): Promise<number> {
    return answered(() => storeCollection(this.connection, SNAPSHOTS).estimatedDocumentCount());
  }

  reservationsAfter(key: string | null, limit: number): Promise<ReservationDocument[]> {
    return this.page(storeCollection<ReservationDocument>(this.connection, RESERVATIONS), key ?? '', limit);
  }

  versionsAfter(
    collection: string,
    id: string | null,
    limit: number,
  ): Promise<{ _id: string; v?: unknown }[]> {
    const documents = storeCollection<{ _id: string; v?: unknown }>(this.connection, collection);
    return this.page(documents, id ?? '', limit, { v: 1 });
  }

  async subscriptions(): Promise<{ name: string; position: number }[]> {
    const rows = storeCollection<{ _id: string; position: number }>(this.connection, SUBSCRIPTIONS);
    const found = await answered(() => rows.find().sort({ _id: 1 }).toArray());
    return found.map(({ _id: name, position }) => ({ name, position }));
  }

  private async page<T extends { readonly _id: string | number }>(
    collection: mongo.Collection<T>,
    after: T['_id'],
    limit: number,
    projection?: Readonly<Record<string, 1>>,
  ): Promise<T[]> {
    const query = { _id: { $gt: after } } as mongo.Filter<T>;
    const options = { sort: { _id: 1 }, limit, ...(projection && { projection }) } as const;
    return (await answered(() => collection.find(query, options).toArray())) as unknown as T[];
  }
}

async function strangers<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  filter: object,
): Promise<unknown[]> {
  const options = { projection: { _id: 1 }, limit: STRANGERS };
  const found = await answered(() => collection.find(filter as mongo.Filter<T>, options).toArray());
  return found.map(({ _id }) => _id);
}
