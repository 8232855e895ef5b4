import { type Commit, type EventStore } from '../../../src/event-store';
import { CommitMaker } from '../../../src/event-store/commit-maker';
import { type AppendRequest, CommitSeal, type Snapshot } from '../../../src/event-store/ports';
import { StreamConflict } from '../../../src/event-store/store-errors';
import { type FleetClock } from '../../../src/kernel/clocks';

/** Hashes cost more than all the rest of an episode, and are looked at elsewhere. */
export class NoSeal extends CommitSeal {
  seal(commit: Omit<Commit, 'hash'>): string {
    return commit.id;
  }

  verify(): boolean {
    return true;
  }

  sealSnapshot({ stream, version }: Omit<Snapshot, 'seal'>): string {
    return `${stream}:${version}`;
  }

  verifySnapshot(): boolean {
    return true;
  }
}

/**
 * Streams in memory with the checks that a store makes (one commit at a version, one of a command), for runs of which
 * there are a million. It has no log: lists are put by the commit itself.
 */
export class LeanEventStore implements Pick<EventStore, 'load' | 'loadNewest' | 'findCommit' | 'append'> {
  private readonly streams = new Map<string, Commit[]>();
  private readonly commands = new Map<string, Commit>();
  private readonly maker: CommitMaker;

  constructor(clock: FleetClock) {
    this.maker = new CommitMaker(clock, new NoSeal());
  }

  load(
    stream: string,
    { afterVersion = 0, until = null }: { afterVersion?: number; until?: Date | null } = {},
  ): Promise<Commit[]> {
    const all = this.of(stream);
    let from = all.length;
    while (from > 0 && (all[from - 1]?.first ?? 0) > afterVersion) from -= 1;
    const wanted = all.slice(from);
    return Promise.resolve(until ? wanted.filter(({ at }) => at <= until) : wanted);
  }

  loadNewest(stream: string, limit: number): Promise<Commit[]> {
    return Promise.resolve(this.of(stream).slice(-limit));
  }

  findCommit(stream: string, commitId: string): Promise<Commit | null> {
    return Promise.resolve(this.commands.get(`${stream}|${commitId}`) ?? null);
  }

  append(request: AppendRequest): Promise<Commit> {
    const { stream, head, context } = request;
    const command = `${stream}|${context.commandId}`;
    const earlier = this.commands.get(command);
    if (earlier) return Promise.resolve(earlier);
    const commits = this.of(stream);
    if ((commits.at(-1)?.last ?? 0) !== head.version) {
      return Promise.reject(new StreamConflict(stream, head.version));
    }
    const commit = this.maker.make(request);
    commits.push(commit);
    this.commands.set(command, commit);
    return Promise.resolve(commit);
  }

  private of(stream: string): Commit[] {
    const known = this.streams.get(stream);
    if (known) return known;
    const begun: Commit[] = [];
    this.streams.set(stream, begun);
    return begun;
  }
}
