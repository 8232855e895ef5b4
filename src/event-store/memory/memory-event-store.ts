import { type AppendSignal } from '../append-signal';
import { type CommitMaker } from '../commit-maker';
import { plainData } from '../plain-data';
import { type AppendRequest, type Commit, EventStore, type LogEntry } from '../ports';
import { StreamConflict } from '../store-errors';

/** Streams and log in this process' memory, for tests and demos. What goes in and out is copied. */
export class MemoryEventStore extends EventStore {
  private readonly streams = new Map<string, Commit[]>();
  private readonly log: Commit[] = [];
  private unplaced: Commit[] = [];

  constructor(
    private readonly maker: CommitMaker,
    private readonly appended: AppendSignal,
  ) {
    super();
  }

  load(stream: string, { afterVersion = 0, until }: { afterVersion?: number; until?: Date } = {}) {
    const wanted = this.commits(stream).filter(
      ({ first, at }) => first > afterVersion && (!until || at <= until),
    );
    return Promise.resolve(plainData(wanted));
  }

  findCommit(stream: string, commitId: string): Promise<Commit | null> {
    const commit = this.commits(stream).find((candidate) => candidate.commitId === commitId);
    return Promise.resolve(plainData(commit ?? null));
  }

  // async, so that what is thrown arrives as a rejection; without an await, so that nobody comes in between
  // eslint-disable-next-line @typescript-eslint/require-await
  async append(request: AppendRequest): Promise<Commit> {
    const { stream, head, context } = request;
    const commits = this.commits(stream);
    const earlier = commits.find(({ commitId }) => commitId === context.commandId);
    if (earlier) return plainData(earlier);
    if ((commits.at(-1)?.last ?? 0) !== head.version) throw new StreamConflict(stream, head.version);
    const commit = this.maker.make(request);
    this.streams.set(stream, [...commits, commit]);
    this.unplaced.push(commit);
    this.appended.notify();
    return plainData(commit);
  }

  readLog(after: number, limit: number): Promise<LogEntry[]> {
    const commits = plainData(this.log.slice(after, after + limit));
    return Promise.resolve(commits.map((commit, index) => ({ position: after + index + 1, commit })));
  }

  sequence(): Promise<number> {
    const placed = this.unplaced;
    this.unplaced = [];
    this.log.push(...placed);
    return Promise.resolve(placed.length);
  }

  logEnd(): Promise<number> {
    return Promise.resolve(this.log.length);
  }

  private commits(stream: string): readonly Commit[] {
    return this.streams.get(stream) ?? [];
  }
}
