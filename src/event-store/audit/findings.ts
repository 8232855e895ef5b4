/** What can be wrong with what is stored, and what that means. */
export const FINDING_KINDS = {
  'commit-malformed': 'a document among the commits that no program of ours wrote',
  'commit-changed': 'a commit is not what was written',
  'commit-key-missing': 'a commit was sealed with a key that the ring does not hold: nobody can tell',
  'commit-gap': 'commits of a stream are gone',
  'commit-chain': 'a commit does not continue the one before it',
  'commit-unlisted': 'a commit is marked as placed, but stands in no line of the log',
  'commit-order': 'a commit stands in the log before an earlier one of its stream',
  'line-malformed': 'a document among the lines of the log that no program of ours wrote',
  'line-changed': 'a line of the log is not what was written, or not in its place',
  'line-key-missing': 'a line was sealed with a key that the ring does not hold: nobody can tell',
  'line-gap': 'lines of the log are gone',
  'line-commit-gone': 'the commit that a line names is gone',
  'line-stream': 'a line names another stream than its commit',
  'anchor-gone': 'the log ends before the anchor: its newest entries were removed',
  'anchor-differs': 'another line stands where the anchor was taken',
  'snapshot-ahead': 'a snapshot knows commits that are gone',
  'snapshot-differs': 'a snapshot was not taken of the commit at its version',
  'snapshot-state': 'the state in a snapshot is not what the events lead to',
  'read-model-ahead': 'a read model knows commits that are gone',
  'subscription-ahead': 'a subscription has handled log entries that are gone',
  'reservation-orphan': 'a name or instance is taken by a stream that is not there',
  'key-use-orphan': 'an API key that is not there was used',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

export interface Finding {
  readonly kind: FindingKind;
  /** of the document: a commit's id, a position, a name */
  readonly id: string;
  readonly detail: string;
}

/** How many of each kind are kept; all are counted. */
const KEPT = 100;

export class Findings {
  private readonly kept = new Map<FindingKind, Finding[]>();
  private readonly counted = new Map<FindingKind, number>();

  add(kind: FindingKind, id: unknown, detail: string): void {
    this.counted.set(kind, (this.counted.get(kind) ?? 0) + 1);
    const kept = this.kept.get(kind) ?? [];
    if (kept.length < KEPT) this.kept.set(kind, [...kept, { kind, id: String(id), detail }]);
  }

  get total(): number {
    return [...this.counted.values()].reduce((sum, count) => sum + count, 0);
  }

  get counts(): Partial<Record<FindingKind, number>> {
    return Object.fromEntries(this.counted);
  }

  /** At most `limit`, of each kind in turn, so that many of one kind do not hide the others. */
  some(limit: number): Finding[] {
    const lists = [...this.kept.values()];
    const turns = Array.from({ length: KEPT }, (_, turn) => lists.flatMap((list) => list[turn] ?? []));
    return turns.flat().slice(0, limit);
  }
}
