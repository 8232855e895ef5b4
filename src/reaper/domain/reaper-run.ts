import { type IdleDecision, type Verdict, VERDICTS } from './decision';

export const REAPER_ACTIONS = [
  'none',
  /** announce the stop, or move an announced one */
  'announce',
  'call-off',
  'stop',
  /** the live probe failed, or did not allow the stop */
  'probe-refused',
  /** the worker changed in the meantime, so that it is not stopped */
  'stop-refused',
  /** people are told that it cannot be judged */
  'alarm',
] as const;
export type ReaperAction = (typeof REAPER_ACTIONS)[number];

/** What one run decided for a worker, and what came of it. */
interface RunDecision {
  readonly workerId: string;
  readonly workerName: string;
  readonly decisionId: string;
  readonly verdict: Verdict;
  /** in a dry run: what a real one would begin with */
  readonly action: ReaperAction;
  readonly reason: string;
}

/** One turn of the reaper over all running workers. Times are fleet time. */
export interface ReaperRun {
  readonly id: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly dryRun: boolean;
  /** who or what started it */
  readonly actor: string;
  /** how many workers got each verdict */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** where something was done or the verdict is new; in a dry run all */
  readonly decisions: readonly RunDecision[];
  /** workers whose turn failed; the others had theirs all the same */
  readonly errors: readonly {
    readonly workerId: string;
    readonly workerName: string;
    readonly message: string;
  }[];
}

export function countVerdicts(decisions: readonly IdleDecision[]): Record<Verdict, number> {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of decisions) counts[verdict] += 1;
  return counts;
}

/**
 * What a decision asks for. A policy on trial asks for nothing, but that what was announced before it was on trial is
 * called off.
 */
export function actionFor({
  verdict,
  plan,
  plannedStop,
  dryRun,
}: IdleDecision): 'none' | 'announce' | 'call-off' | 'stop' {
  if (verdict === 'not-applicable') return 'none';
  if (dryRun) return plannedStop ? 'call-off' : 'none';
  if (verdict === 'stop') return 'stop';
  if (!plan) return plannedStop ? 'call-off' : 'none';
  const isAnnounced = plannedStop?.at.getTime() === plan.at.getTime() && plannedStop.cause === plan.cause;
  return isAnnounced ? 'none' : 'announce';
}
