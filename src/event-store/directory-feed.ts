import { StoreUnavailable } from '../kernel/domain-error';
import { type LogTail } from './log-tail';
import { OneAtATime } from './one-at-a-time';
import { type Commit, type EventStore } from './ports';
import { type ReportError } from './report-error';

const BATCH = 500;

/** What a feed fills. */
export interface CommitFollower {
  readonly kind: string;
  /** Takes each commit in order; must not throw, and must bear repetitions. */
  follow(commit: Commit): void;
}

/** Keeps directories up to date with what any process commits: one feed for all directories of this process. */
export class DirectoryFeed {
  private position = 0;
  private readonly directories = new Set<CommitFollower>();
  private readonly passes: OneAtATime<void>;

  constructor(
    private readonly store: EventStore,
    private readonly tail: LogTail,
    private readonly report: ReportError,
  ) {
    this.passes = new OneAtATime(() => this.pass());
  }

  /**
   * Fills a directory with everything of its kind, and keeps it up to date from then on. What the log brings while that
   * is loaded comes after it: a directory takes no commit before it has those that the commit continues.
   * @throws StoreUnavailable
   */
  async fill(directory: CommitFollower): Promise<void> {
    await this.readAll();
    const meanwhile: Commit[] = [];
    const waiting = { kind: directory.kind, follow: (commit: Commit) => void meanwhile.push(commit) };
    this.directories.add(waiting);
    try {
      const loaded = await this.store.loadKind(directory.kind);
      for (const commit of [...loaded, ...meanwhile]) directory.follow(commit);
      this.directories.add(directory);
    } finally {
      this.directories.delete(waiting);
    }
  }

  /** Whether the directory was filled, and is kept up to date. */
  follows(directory: CommitFollower): boolean {
    return this.directories.has(directory);
  }

  /**
   * Takes all there is, those commits too that a crash left out of the log: for a start, before which nothing may be
   * decided from what is followed. @throws StoreUnavailable when that did not come about
   */
  async readAll(): Promise<void> {
    await this.store.sequence();
    const end = await this.store.logEnd();
    await this.tail.open();
    await this.catchUp();
    if (this.position < end) throw new StoreUnavailable('could not follow the log to its end');
  }

  /**
   * Takes the log up to a position that somebody read there: for who decides about an entry by what is followed, which
   * the entry may be ahead of. @throws StoreUnavailable when that did not come about
   */
  async upTo(position: number): Promise<void> {
    if (this.position >= position) return;
    await this.tail.refresh();
    await this.catchUp();
    if (this.position < position) throw new StoreUnavailable(`could not follow the log to ${position}`);
  }

  /** Takes what was placed in the log before the call. Errors are reported, and the next call goes on. */
  catchUp(): Promise<void> {
    return this.passes.run();
  }

  /** Follows the log from now on; answers the function that ends it. */
  start(): () => void {
    return this.tail.listen(() => void this.passes.run());
  }

  /** Resolves when no reading is under way. */
  idle(): Promise<void> {
    return this.passes.idle();
  }

  private async pass(): Promise<void> {
    if (this.directories.size === 0) {
      this.position = this.tail.end;
      return;
    }
    try {
      for (;;) {
        const entries = await this.tail.read(this.position, BATCH);
        for (const { commit, position } of entries) {
          for (const directory of this.directories) directory.follow(commit);
          this.position = position;
        }
        if (entries.length < BATCH) return;
      }
    } catch (error) {
      this.report(error, 'follow the log for what is kept in memory');
    }
  }
}
