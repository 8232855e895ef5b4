/** A command that a client sent until it was answered, and what that answer promised. */
export interface Entry {
  /** marks what the command did in the store */
  readonly correlationId: string;
  /** `create`, `snooze`, … */
  readonly what: string;
  readonly workerId: string | null;
  /** of the final answer */
  readonly status: number;
  /** how often it was sent */
  readonly tries: number;
  /** type of the event that it causes */
  readonly event: string;
  /** types, with commas, of all that it may cause where another brought about the same already */
  readonly orElse?: readonly string[];
  /**
   * types of the events that an operation may cause afterwards for it, in the name of whoever asked, each in a commit of
   * its own and once at most
   */
  readonly followedBy?: readonly string[];
  /** how often it must have been carried out, by its answer */
  readonly promise: 'once' | 'at most once' | 'never';
}

/** Everything that was acknowledged, in the order of the answers. */
export class Ledger {
  readonly entries: Entry[] = [];
  /** answers that no client should get */
  readonly faults: string[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  get repeated(): number {
    return this.entries.filter(({ tries }) => tries > 1).length;
  }
}
