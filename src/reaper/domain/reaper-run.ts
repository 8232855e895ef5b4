import { type IdleDecision, type Verdict, VERDICTS } from './decision/decision';
import { type StopCause } from './signals/idle-input';
import { type RuleName } from './trace/rule';

export const REAPER_ACTIONS = [
  'none',
  /** announce the stop, or move an announced one */
  'announce',
  /** tell people once more of an announced one that has come nearer */
  'notify',
  'call-off',
  'stop',
  /** due, but a restraint holds it off: a budget, the breaker, a pause, the calendar, a notice that nobody got */
  'held',
  /** the live probe failed, or did not allow the stop */
  'probe-refused',
  /** the worker changed in the meantime, so that it is not stopped */
  'stop-refused',
  /** people are told that it cannot be judged, or that its labs were forgotten */
  'alarm',
] as const;
export type ReaperAction = (typeof REAPER_ACTIONS)[number];

/** What one run decided for a worker, and what came of it. */
export interface RunDecision {
  readonly workerId: string;
  readonly workerName: string;
  readonly decisionId: string;
  readonly verdict: Verdict;
  /** in a dry run, and while a run is under way: what it would begin with */
  readonly action: ReaperAction;
  readonly reason: string;
  /** null where nothing leads to a stop */
  readonly cause: StopCause | null;
  /** what holds it off */
  readonly restraints: readonly RuleName[];
  /** the notice that people were told; null: none */
  readonly notice: { readonly stageMinutes: number; readonly deadline: Date } | null;
  /** its policy is on trial: nothing was done */
  readonly trial: boolean;
}

/** A worker that was started because its calendar says so. */
export interface ScheduledStart {
  readonly workerId: string;
  readonly workerName: string;
  /** of the time in the calendar */
  readonly name: string;
  readonly at: Date;
}

/** One turn of the reaper over all running workers. Times are fleet time. */
export interface ReaperRun {
  readonly id: string;
  readonly startedAt: Date;
  /** null: it is under way, or its process died in it */
  readonly finishedAt: Date | null;
  readonly dryRun: boolean;
  /** who or what started it */
  readonly actor: string;
  /** how many workers got each verdict */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** where something was done or the verdict is new; in a dry run all */
  readonly decisions: readonly RunDecision[];
  /** how many decisions more there were than are kept */
  readonly leftOut: number;
  readonly starts: readonly ScheduledStart[];
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

/** What a decision asks for. Of a policy on trial nothing but to take back what was announced before it was. */
export function actionFor(
  decision: Pick<IdleDecision, 'verdict' | 'plannedStop' | 'plan' | 'noticeDue' | 'dryRun'>,
): 'none' | 'announce' | 'notify' | 'call-off' | 'stop' | 'held' {
  const { verdict, plannedStop, plan, noticeDue, dryRun } = decision;
  // a stop under way: the plan goes with the worker's status
  if (verdict === 'not-applicable') return 'none';
  if (dryRun) return plannedStop ? 'call-off' : 'none';
  if (verdict === 'stop') return 'stop';
  if (!plan) return plannedStop ? 'call-off' : verdict === 'held' ? 'held' : 'none';
  if (plannedStop?.at.getTime() !== plan.at.getTime() || plannedStop.cause !== plan.cause) return 'announce';
  if (noticeDue) return 'notify';
  return verdict === 'held' ? 'held' : 'none';
}
