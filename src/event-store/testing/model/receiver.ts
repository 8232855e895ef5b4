import { type Commit } from '../../ports';

export class NoAnswer extends Error {}

/** The receiver of a webhook: what reached it, how often, and in which order for the first time. */
export class Receiver {
  /** streams whose events it answers with an error */
  readonly broken = new Set<string>();
  private readonly counts = new Map<string, number>();
  private readonly firsts = new Map<string, number[]>();

  /** @throws NoAnswer while it is broken for the stream */
  receive({ stream, first, events }: Commit, index: number): Promise<void> {
    if (this.broken.has(stream)) return Promise.reject(new NoAnswer(`no answer for ${stream}`));
    const id = events[index]?.id ?? '';
    const count = this.counts.get(id) ?? 0;
    this.counts.set(id, count + 1);
    if (count === 0) this.firsts.set(stream, [...this.firstOf(stream), first + index]);
    return Promise.resolve();
  }

  countOf(eventId: string): number {
    return this.counts.get(eventId) ?? 0;
  }

  /** Versions of a stream in the order in which each came for the first time. */
  firstOf(stream: string): readonly number[] {
    return this.firsts.get(stream) ?? [];
  }
}
