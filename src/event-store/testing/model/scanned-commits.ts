import { type Commit } from '../../ports';
import { CommitTable, type UnplacedCommit } from '../../tables';
import { type SimulatedProcess } from './simulated-process';

/** Commits that are read from the index at once; others may write before the scan goes on. */
const PAGE = 1;
/** A batch is no larger, so that a sequencer has to take several. */
const MOST = 3;

/** Commits as a process sees them whose scan for unplaced ones yields, as a database's does. */
export class ScannedCommits extends CommitTable {
  private readonly gated: CommitTable;

  constructor(
    private readonly table: CommitTable,
    private readonly process: SimulatedProcess,
  ) {
    super();
    this.gated = process.gate('commits', table);
  }

  async unplaced(limit: number): Promise<UnplacedCommit[]> {
    const found: Commit[] = [];
    while (found.length < Math.min(limit, MOST)) {
      const page = await this.process.call('commits.scan', () => this.after(found.at(-1)));
      found.push(...page);
      if (page.length < PAGE) break;
    }
    return found.map(({ id, stream, first, hash }) => ({ id, stream, first, hash }));
  }

  insert(commit: Commit): Promise<boolean> {
    return this.gated.insert(commit);
  }

  ofStream(...given: Parameters<CommitTable['ofStream']>): Promise<Commit[]> {
    return this.gated.ofStream(...given);
  }

  ofCommand(stream: string, commitId: string): Promise<Commit | null> {
    return this.gated.ofCommand(stream, commitId);
  }

  ofKind(kind: string, afterId: string, limit: number): Promise<Commit[]> {
    return this.gated.ofKind(kind, afterId, limit);
  }

  /** At once: who knows an id has read it in another call, and what it stands for never changes. */
  byIds(ids: readonly string[]): Promise<Commit[]> {
    return this.table.byIds(ids);
  }

  markPlaced(ids: readonly string[]): Promise<void> {
    return this.gated.markPlaced(ids);
  }

  /** The next page of the index {at, id}. */
  private async after(last: Commit | undefined): Promise<Commit[]> {
    const waiting = (await this.table.unplaced(Infinity)).map(({ id }) => id);
    const commits = await this.table.byIds(waiting);
    const rest = commits.filter((commit) => !last || isBefore(last, commit));
    return rest.sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, PAGE);
  }
}

function isBefore(a: Commit, b: Commit): boolean {
  return a.at < b.at || (a.at.getTime() === b.at.getTime() && a.id < b.id);
}
