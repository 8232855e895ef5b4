import { plainData } from '../../plain-data';
import { type Commit } from '../../ports';
import { CommitTable, type StreamRange, type UnplacedCommit } from '../../tables';

/** Commits without one of their indexes, or without any: they refuse what these say only. */
export class LooseCommitTable extends CommitTable {
  private readonly rows: Commit[] = [];
  private readonly placed = new Set<string>();

  constructor(private readonly unique: { readonly version: boolean; readonly command: boolean }) {
    super();
  }

  insert(commit: Commit): Promise<boolean> {
    const refused = this.rows.some((row) => this.collide(commit, row));
    if (!refused) this.rows.push(plainData(commit));
    return Promise.resolve(!refused);
  }

  ofStream(stream: string, { afterVersion, limit, newest }: StreamRange): Promise<Commit[]> {
    const wanted = this.rows
      .filter((row) => row.stream === stream && row.first > afterVersion)
      .sort((a, b) => a.first - b.first);
    if (limit === null) return Promise.resolve(plainData(wanted));
    return Promise.resolve(plainData(newest ? wanted.slice(-limit) : wanted.slice(0, limit)));
  }

  ofCommand(stream: string, commitId: string): Promise<Commit | null> {
    const found = this.rows.find((row) => row.stream === stream && row.commitId === commitId);
    return Promise.resolve(plainData(found ?? null));
  }

  ofKind(): Promise<Commit[]> {
    return Promise.reject(new Error('nobody reads kinds in the model'));
  }

  byIds(ids: readonly string[]): Promise<Commit[]> {
    return Promise.resolve(plainData(this.rows.filter(({ id }) => ids.includes(id))));
  }

  unplaced(limit: number): Promise<UnplacedCommit[]> {
    const waiting = this.rows.filter(({ id }) => !this.placed.has(id));
    const sorted = waiting.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
    return Promise.resolve(sorted.slice(0, limit));
  }

  markPlaced(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.placed.add(id);
    return Promise.resolve();
  }

  private collide(a: Commit, b: Commit): boolean {
    const { version, command } = this.unique;
    const sameCommand = a.stream === b.stream && a.commitId === b.commitId;
    return (version && a.id === b.id) || (command && sameCommand);
  }
}
