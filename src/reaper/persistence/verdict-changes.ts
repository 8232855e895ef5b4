import { type VerdictChange } from '../domain/verdict-book';

/**
 * The one that held at `from`, and those up to `to`, in order. What says the same as the one before is left out: it was
 * written by a turn that could not tell whether the one before it had been stored.
 */
export function changesBetween(known: readonly VerdictChange[], from: Date, to: Date): VerdictChange[] {
  const ordered = [...known].sort((a, b) => a.at.getTime() - b.at.getTime());
  const changes = ordered.filter((change, index) => !saysTheSame(change, ordered[index - 1]));
  const held = changes.filter(({ at }) => at <= from).slice(-1);
  return [...held, ...changes.filter(({ at }) => at > from && at <= to)];
}

/** Whether a verdict is no other one than before. */
export function saysTheSame(
  { verdict, cause }: Pick<VerdictChange, 'verdict' | 'cause'>,
  before: VerdictChange | undefined,
): boolean {
  return before !== undefined && before.verdict === verdict && before.cause === cause;
}
