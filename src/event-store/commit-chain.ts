import { type Commit, type CommitSeal, type StreamHead } from './ports';
import { CorruptStream } from './store-errors';

/** The head of a stream that is not there yet. */
export const EMPTY: StreamHead = { version: 0, at: null, hash: null };

export function headAfter(commit: Commit): StreamHead {
  return { version: commit.last, at: commit.at, hash: commit.hash };
}

/** @throws CorruptStream unless the commits continue the version `afterVersion` and each other, without a gap */
export function assertContiguous(stream: string, afterVersion: number, commits: readonly Commit[]): void {
  let version = afterVersion;
  for (const commit of commits) {
    if (commit.first !== version + 1 || commit.last !== version + commit.events.length) {
      throw new CorruptStream(`stream ${stream}: ${commit.id} does not follow version ${version}`);
    }
    version = commit.last;
  }
}

/**
 * The first commit of a whole stream that is not what was written, or does not stand where it was written; null when
 * the stream is sound. That the newest commits were removed cannot be seen from the stream alone.
 */
export function firstBroken(commits: readonly Commit[], seal: CommitSeal): Commit | null {
  let head = EMPTY;
  for (const commit of commits) {
    const follows = commit.first === head.version + 1 && commit.previousHash === head.hash;
    if (!follows || !seal.verify(commit)) return commit;
    head = headAfter(commit);
  }
  return null;
}
