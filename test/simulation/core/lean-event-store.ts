import { type Commit, type EventStore } from '../../../src/event-store';
import { CommitMaker } from '../../../src/event-store/commit-maker';
import { type AppendRequest, CommitSeal, type Snapshot } from '../../../src/event-store/ports';
import { StreamConflict } from '../../../src/event-store/store-errors';
import { type FleetClock } from '../../../src/kernel/clocks';
import { type DomainEvent } from '../../../src/kernel/domain-event';

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

/** Hears of each commit in the moment that it is stored, whatever becomes of the process that stores it. */
export type Follower = (commit: Commit, events: readonly DomainEvent[]) => Promise<void>;

/**
 * Streams in memory with the checks that a store makes (one commit at a version, one of a command), for runs of which
 * there are a million. In place of a log it has one follower.
 */
export class LeanEventStore implements Pick<EventStore, 'load' | 'loadNewest' | 'findCommit' | 'append'> {
  private readonly streams = new Map<string, Commit[]>();
  private readonly commands = new Map<string, Commit>();
  private readonly maker: CommitMaker;

  constructor(
    clock: FleetClock,
    private readonly follow: Follower,
  ) {
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

  async append(request: AppendRequest): Promise<Commit> {
    const { stream, head, events, context } = request;
    const command = `${stream}|${context.commandId}`;
    const earlier = this.commands.get(command);
    if (earlier) return earlier;
    const commits = this.of(stream);
    if ((commits.at(-1)?.last ?? 0) !== head.version) throw new StreamConflict(stream, head.version);
    const commit = this.maker.make(request);
    commits.push(commit);
    this.commands.set(command, commit);
    await this.follow(commit, events);
    return commit;
  }

  private of(stream: string): Commit[] {
    const known = this.streams.get(stream);
    if (known) return known;
    const begun: Commit[] = [];
    this.streams.set(stream, begun);
    return begun;
  }
}
