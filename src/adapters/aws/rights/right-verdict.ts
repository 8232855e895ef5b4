import { type NeededRight } from './needed-rights';

/** `unknown`: nobody can tell from here */
export type Verdict = 'ok' | 'missing' | 'unknown';

export interface RightFinding {
  readonly action: string;
  readonly verdict: Verdict;
  /** what does not go without it, or why nobody can tell; null where all is well */
  readonly detail: string | null;
}

/** What AWS answered when a right was tried. */
export interface RightAnswer {
  readonly right: NeededRight;
  /** AWS's code; null where the call succeeded */
  readonly code: string | null;
  /** it was tried on something that does not exist, for lack of a managed one */
  readonly madeUp: boolean;
  /** another action that AWS denied within the call; null where it denied none, or did not say */
  readonly blamed: string | null;
}

/** What AWS answers to a dry run of what it would do. */
export const DRY_RUN = 'DryRunOperation';

const DENIED = ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException'];

/**
 * What the answers mean. Rights that hang on the tag of a thing cannot be seen on a made-up one, which has no tag: if AWS
 * denies all of these, nobody can tell. If it lets one of them get further, it does not look at the tag first, and those
 * that it denies are missing.
 * @param control what AWS answered to a right that is there when it was tried on a made-up thing; null: it was not
 */
export function findingsOf(
  answers: readonly RightAnswer[],
  control: { readonly code: string | null } | null,
): RightFinding[] {
  const onMadeUp = [...answers.filter(({ madeUp }) => madeUp), ...(control ? [control] : [])];
  const looksAtTags = onMadeUp.every(({ code }) => isDenied(code));
  const blamed = new Set(answers.map((answer) => answer.blamed));
  return answers.map((answer) =>
    findingOf(answer, { looksAtTags, isBlamed: blamed.has(answer.right.action) }),
  );
}

function findingOf(
  { right, code, madeUp, blamed }: RightAnswer,
  { looksAtTags, isBlamed }: { readonly looksAtTags: boolean; readonly isBlamed: boolean },
): RightFinding {
  const { action, purpose, by, on } = right;
  if (isBlamed) return { action, verdict: 'missing', detail: purpose };
  if (by === 'call' ? code === null : code === DRY_RUN) {
    return { action, verdict: 'ok', detail: null };
  }
  const unknown = (detail: string): RightFinding => ({ action, verdict: 'unknown', detail });
  if (isDenied(code)) {
    if (blamed !== null) return unknown(`AWS denies ${blamed}, which goes with it`);
    if (!madeUp || !looksAtTags) return { action, verdict: 'missing', detail: purpose };
    return unknown(`denied on a made-up ${on}, which lacks the tag: try again once there is a managed one`);
  }
  if (code === null) return unknown('AWS did not take it as a dry run');
  if (madeUp && code.endsWith('.NotFound')) return unknown(`there is no managed ${on} to try it on`);
  return unknown(`AWS answers ${code}`);
}

export function isDenied(code: string | null): boolean {
  return code !== null && DENIED.includes(code);
}
