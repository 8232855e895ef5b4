import { RingHmac, type SealKey } from './ring-hmac';
import { type LogLine, type UnplacedCommit } from './tables';

/**
 * Chains the lines of the log: each seal covers its line, the hash of the commit there and the seal of the line before,
 * so that a line which was changed, removed, inserted or moved behind the program's back is seen.
 */
export class LogSeal {
  private readonly hmac: RingHmac;

  constructor(ring: readonly SealKey[]) {
    this.hmac = new RingHmac(ring, 'cml-fleet log v1');
  }

  /** Lines for these commits, which continue the log's last line; null is an empty log. */
  linesAfter(last: LogLine | null, commits: readonly UnplacedCommit[]): LogLine[] {
    let before = last;
    return commits.map(({ id: commit, stream, hash }) => {
      const line = { position: (before?.position ?? 0) + 1, commit, stream };
      const sealed = { ...line, hash: this.hmac.sign(textOf(line, hash, before)) };
      before = sealed;
      return sealed;
    });
  }

  /** Whether this is what was written after `before` for a commit with this hash. */
  verify(line: LogLine, commitHash: string, before: LogLine | null): boolean {
    const follows = line.position === (before?.position ?? 0) + 1;
    return follows && this.hmac.verify(textOf(line, commitHash, before), line.hash);
  }
}

function textOf(line: Omit<LogLine, 'hash'>, commitHash: string, before: LogLine | null): string {
  return JSON.stringify([line.position, line.commit, line.stream, commitHash, before?.hash ?? null]);
}
