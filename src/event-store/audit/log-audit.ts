import { type LogSeal } from '../log-seal';
import { type LogDocument, toLine } from '../mongo/commit-document';
import { type LogLine } from '../tables';
import { type AuditParts } from './commits-audit';

const BATCH = 500;

/** A line of the log as it was seen at an earlier time and kept elsewhere. */
export interface Anchor {
  readonly position: number;
  readonly hash: string;
}

type LogAuditParts = Omit<AuditParts, 'seal'> & { readonly logSeal: LogSeal; readonly anchor: Anchor | null };

/** Reads the log once, in order, each line with the hash of its commit. */
export class LogAudit {
  lines = 0;
  last: Anchor | null = null;
  private anchorSeen = false;
  /** the line before; undefined where it cannot be relied on */
  private before: LogLine | null | undefined = null;

  constructor(private readonly parts: LogAuditParts) {}

  async run(): Promise<void> {
    const { source, findings, progress } = this.parts;
    for (const id of await source.strangeLines()) {
      findings.add('line-malformed', id, 'its position is no whole number above 0');
    }
    const of = await source.countLines();
    for (let after = 0; ;) {
      const batch = await source.linesAfter(after, BATCH);
      const last = batch.at(-1);
      if (!last) break;
      const commits = await source.sealsOf(batch.map(({ commit }) => commit));
      for (const document of batch) this.look(document, commits.get(document.commit) ?? null);
      progress('log', this.lines, of);
      after = last._id;
    }
    this.checkEnd();
  }

  private look(document: LogDocument, commit: { stream: string; hash: string } | null): void {
    const { findings } = this.parts;
    const line = toLine(document);
    const { position } = line;
    this.lines += 1;
    const next = (this.last?.position ?? 0) + 1;
    if (position > next) {
      findings.add('line-gap', position, `positions ${next} to ${position - 1} are gone`);
      this.before = undefined;
    }
    if (isWellFormed(line)) this.checkContent(line, commit);
    else findings.add('line-malformed', position, 'it lacks parts of a line');
    this.checkAnchor(line);
    this.last = { position, hash: String(line.hash) };
    this.before = isWellFormed(line) ? line : undefined;
  }

  private checkContent(line: LogLine, commit: { stream: string; hash: string } | null): void {
    const { findings, keys, logSeal } = this.parts;
    const { position, stream, hash } = line;
    if (!commit) {
      findings.add('line-commit-gone', position, `${line.commit} is not there`);
    } else if (commit.stream !== stream) {
      findings.add('line-stream', position, `it says ${stream}, ${line.commit} is of ${commit.stream}`);
    }
    if (!keys.knows(hash)) {
      const how = hash.slice(0, 40);
      findings.add('line-key-missing', position, `sealed as ${how}, with a key that is not in the ring`);
    } else if (commit && this.before !== undefined && !logSeal.verify(line, commit.hash, this.before)) {
      const where = this.before ? `after position ${this.before.position}` : 'first';
      findings.add('line-changed', position, `it names ${line.commit}, and is not what was written ${where}`);
    }
  }

  private checkAnchor({ position, hash }: LogLine): void {
    const { anchor, findings } = this.parts;
    if (position !== anchor?.position) return;
    this.anchorSeen = true;
    if (hash !== anchor.hash) {
      findings.add('anchor-differs', position, `its hash was ${anchor.hash}, and is ${String(hash)}`);
    }
  }

  private checkEnd(): void {
    const { anchor, findings } = this.parts;
    if (!anchor || this.anchorSeen) return;
    const end = this.last?.position ?? 0;
    const lost = anchor.position > end ? `the log ends at ${end}` : 'this line is not there';
    findings.add('anchor-gone', anchor.position, lost);
  }
}

function isWellFormed({ commit, stream, hash }: LogLine): boolean {
  return [commit, stream, hash].every((text: unknown) => typeof text === 'string');
}
