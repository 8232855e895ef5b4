import { type Connection, type mongo } from 'mongoose';
import { type Commit } from '../ports';
import { commitIdOf, idsOfKind } from '../stream-name';
import { CommitTable, type StreamRange, type UnplacedCommit } from '../tables';
import { storeCollection } from './collections';
import { type CommitDocument, COMMITS, toCommit, toDocument } from './commit-document';
import { answered, isDuplicateKey } from './driver-errors';

/** Above every version that a stream reaches. */
const LAST_VERSION = 9_999_999_999;

type Unplaced = Pick<CommitDocument, '_id' | 'stream' | 'first' | 'hash'>;

/** The collection `es_commits`. */
export class MongoCommitTable extends CommitTable {
  private readonly commits: mongo.Collection<CommitDocument>;

  constructor(connection: Connection) {
    super();
    this.commits = storeCollection(connection, COMMITS);
  }

  insert(commit: Commit): Promise<boolean> {
    return answered(async () => {
      try {
        await this.commits.insertOne(toDocument(commit));
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    });
  }

  async ofStream(
    stream: string,
    { afterVersion, until, limit, newest = false }: StreamRange,
  ): Promise<Commit[]> {
    const _id = { $gt: commitIdOf(stream, afterVersion), $lte: commitIdOf(stream, LAST_VERSION) };
    const query = { _id, ...(until && { at: { $lte: until } }) };
    const found = await answered(() =>
      this.commits
        .find(query)
        .sort({ _id: newest ? -1 : 1 })
        .limit(limit ?? 0)
        .toArray(),
    );
    return (newest ? found.reverse() : found).map(toCommit);
  }

  async ofCommand(stream: string, commitId: string): Promise<Commit | null> {
    const found = await answered(() => this.commits.findOne({ stream, commitId }));
    return found && toCommit(found);
  }

  async ofKind(kind: string, afterId: string, limit: number): Promise<Commit[]> {
    const { from, below } = idsOfKind(kind);
    const _id = { $gt: afterId > from ? afterId : from, $lt: below };
    const found = await answered(() => this.commits.find({ _id }).sort({ _id: 1 }).limit(limit).toArray());
    return found.map(toCommit);
  }

  async byIds(ids: readonly string[]): Promise<Commit[]> {
    const found = await answered(() => this.commits.find({ _id: { $in: [...ids] } }).toArray());
    return found.map(toCommit);
  }

  async unplaced(limit: number): Promise<UnplacedCommit[]> {
    const found = await answered(() =>
      this.commits
        .find({ sequenced: false })
        .sort({ at: 1, _id: 1 })
        .limit(limit)
        .project<Unplaced>({ stream: 1, first: 1, hash: 1 })
        .toArray(),
    );
    return found.map(({ _id: id, ...rest }) => ({ id, ...rest }));
  }

  async markPlaced(ids: readonly string[]): Promise<void> {
    await answered(() => this.commits.updateMany({ _id: { $in: [...ids] } }, { $set: { sequenced: true } }));
  }
}
