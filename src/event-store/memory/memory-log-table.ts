import { type LogFilter } from '../ports';
import { type LogLine, LogTable } from '../tables';

/** The log in this process' memory, for tests and demos. */
export class MemoryLogTable extends LogTable {
  private readonly lines = new Map<number, LogLine>();
  private readonly commits = new Set<string>();
  private end = 0;

  last(): Promise<LogLine | null> {
    return Promise.resolve(this.lines.get(this.end) ?? null);
  }

  read(after: number, limit: number, filter: LogFilter): Promise<LogLine[]> {
    const found: LogLine[] = [];
    for (let position = after + 1; position <= this.end && found.length < limit; position += 1) {
      const line = this.lines.get(position);
      if (line && isWanted(line, filter)) found.push(line);
    }
    return Promise.resolve(found);
  }

  readBack(before: number, limit: number, filter: LogFilter): Promise<LogLine[]> {
    const found: LogLine[] = [];
    for (let position = Math.min(before - 1, this.end); position > 0 && found.length < limit; position -= 1) {
      const line = this.lines.get(position);
      if (line && isWanted(line, filter)) found.push(line);
    }
    return Promise.resolve(found);
  }

  append(lines: readonly LogLine[]): Promise<number> {
    let inserted = 0;
    for (const line of lines) {
      if (this.lines.has(line.position) || this.commits.has(line.commit)) break;
      this.lines.set(line.position, line);
      this.commits.add(line.commit);
      this.end = Math.max(this.end, line.position);
      inserted += 1;
    }
    return Promise.resolve(inserted);
  }

  placedOf(commits: readonly string[]): Promise<string[]> {
    return Promise.resolve(commits.filter((commit) => this.commits.has(commit)));
  }
}

function isWanted({ stream }: LogLine, { streams }: LogFilter): boolean {
  return streams === undefined || streams.includes(stream);
}
