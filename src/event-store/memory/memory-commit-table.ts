import { plainData } from '../plain-data';
import { type Commit } from '../ports';
import { idsOfKind } from '../stream-name';
import { CommitTable, type StreamRange, type UnplacedCommit } from '../tables';

/** Commits in this process' memory, for tests and demos. What goes in and out is copied. */
export class MemoryCommitTable extends CommitTable {
  private readonly streams = new Map<string, Commit[]>();
  private readonly byId = new Map<string, Commit>();
  private readonly commands = new Set<string>();
  private readonly waiting = new Map<string, Commit>();

  insert(commit: Commit): Promise<boolean> {
    const command = `${commit.stream}|${commit.commitId}`;
    if (this.byId.has(commit.id) || this.commands.has(command)) return Promise.resolve(false);
    const kept = plainData(commit);
    this.byId.set(kept.id, kept);
    this.commands.add(command);
    this.waiting.set(kept.id, kept);
    this.streams.set(
      kept.stream,
      [...this.of(kept.stream), kept].sort((a, b) => a.first - b.first),
    );
    return Promise.resolve(true);
  }

  ofStream(stream: string, { afterVersion, until, limit, newest = false }: StreamRange): Promise<Commit[]> {
    const wanted = this.of(stream).filter(
      ({ first, at }) => first > afterVersion && (until === null || at <= until),
    );
    const cut = limit === null ? wanted : newest ? wanted.slice(-limit) : wanted.slice(0, limit);
    return Promise.resolve(plainData(cut));
  }

  ofCommand(stream: string, commitId: string): Promise<Commit | null> {
    const commit = this.of(stream).find((candidate) => candidate.commitId === commitId);
    return Promise.resolve(plainData(commit ?? null));
  }

  ofKind(kind: string, afterId: string, limit: number): Promise<Commit[]> {
    const { from, below } = idsOfKind(kind);
    const commits = [...this.byId.values()]
      .filter(({ id }) => id > from && id < below && id > afterId)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return Promise.resolve(plainData(commits.slice(0, limit)));
  }

  byIds(ids: readonly string[]): Promise<Commit[]> {
    return Promise.resolve(ids.flatMap((id) => plainData(this.byId.get(id) ?? [])));
  }

  unplaced(limit: number): Promise<UnplacedCommit[]> {
    const commits = [...this.waiting.values()].sort(
      (a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1),
    );
    return Promise.resolve(
      commits.slice(0, limit).map(({ id, stream, first, hash }) => ({ id, stream, first, hash })),
    );
  }

  markPlaced(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.waiting.delete(id);
    return Promise.resolve();
  }

  private of(stream: string): readonly Commit[] {
    return this.streams.get(stream) ?? [];
  }
}
