import { type LogFilter } from '../../ports';
import { type LogLine, LogTable } from '../../tables';

/** A log without one of its indexes, or without any: it refuses what these say only. */
export class LooseLogTable extends LogTable {
  private readonly lines: LogLine[] = [];

  constructor(private readonly unique: { readonly position: boolean; readonly commit: boolean }) {
    super();
  }

  last(): Promise<LogLine | null> {
    return Promise.resolve(this.sorted().at(-1) ?? null);
  }

  read(after: number, limit: number, { streams }: LogFilter): Promise<LogLine[]> {
    const wanted = this.sorted().filter(
      ({ position, stream }) => position > after && (streams?.includes(stream) ?? true),
    );
    return Promise.resolve(wanted.slice(0, limit));
  }

  readBack(): Promise<LogLine[]> {
    return Promise.reject(new Error('nobody reads back in the model'));
  }

  append(lines: readonly LogLine[]): Promise<number> {
    const refused = lines.findIndex((line) => this.lines.some((present) => this.collide(line, present)));
    const inserted = lines.slice(0, refused === -1 ? undefined : refused);
    this.lines.push(...inserted);
    return Promise.resolve(inserted.length);
  }

  placedOf(commits: readonly string[]): Promise<string[]> {
    return Promise.resolve(commits.filter((id) => this.lines.some(({ commit }) => commit === id)));
  }

  private collide(a: LogLine, b: LogLine): boolean {
    const { position, commit } = this.unique;
    return (position && a.position === b.position) || (commit && a.commit === b.commit);
  }

  private sorted(): LogLine[] {
    return [...this.lines].sort((a, b) => a.position - b.position);
  }
}
