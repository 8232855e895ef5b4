import { NONE, pairs, plain, table, UNKNOWN } from './table';
import { ago } from './times';

/** Of the API's IdleDecision, what is shown here. */
export interface IdleDecision {
  readonly verdict: string;
  readonly reason: string;
  readonly dryRun: boolean;
  readonly rules: readonly { readonly rule: string; readonly outcome: string; readonly detail: string }[];
  readonly wouldHaveToChange: readonly string[];
  readonly idleSince: string | null;
  readonly deadline: string | null;
  readonly nextDecisionAt: string | null;
  readonly plannedStop: { readonly at: string } | null;
}

export interface ReaperRun {
  readonly id: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly dryRun: boolean;
  readonly actor: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly decisions: readonly { readonly action: string }[];
  readonly errors: readonly unknown[];
}

export interface ReaperControl {
  readonly pause: { readonly by: string; readonly reason: string; readonly until: string | null } | null;
  readonly breaker: { readonly openedAt: string; readonly stops: number; readonly running: number } | null;
  readonly budgets: readonly {
    readonly scope: string;
    readonly allowed: number;
    readonly used: number;
    readonly windowMinutes: number;
  }[];
  readonly latestTurnAt: string | null;
}

export interface Simulation {
  readonly from: string;
  readonly to: string;
  readonly totals: {
    readonly workers: number;
    readonly stops: number;
    readonly hoursSaved: number;
    readonly hoursRun: number;
    readonly hits: number;
    readonly heldByBudget: number;
    readonly approximate: boolean;
  };
  readonly workers: readonly {
    readonly workerName: string;
    readonly stops: number;
    readonly hoursRun: number;
    readonly hoursSaved: number;
    readonly hits: number;
  }[];
}

export function decisionLines(decision: IdleDecision, now: Date): string[] {
  const { rules, wouldHaveToChange, deadline, plannedStop } = decision;
  return [
    `${decision.verdict}${decision.dryRun ? ' (dry run)' : ''}: ${plain(decision.reason)}`,
    '',
    ...table(
      ['RULE', 'OUTCOME', 'DETAIL'],
      rules.map(({ rule, outcome, detail }) => [rule, outcome, detail]),
    ),
    '',
    ...pairs([
      ['idle since', decision.idleSince ?? NONE],
      ['deadline', deadline ? `${deadline} (${ago(deadline, now)})` : NONE],
      ['planned stop', plannedStop ? `${plannedStop.at} (${ago(plannedStop.at, now)})` : NONE],
      ['next decision', decision.nextDecisionAt ?? UNKNOWN],
    ]),
    ...(wouldHaveToChange.length > 0 ? ['', 'It would be stopped if:'] : []),
    ...wouldHaveToChange.map((change) => `  ${plain(change)}`),
  ];
}

export function runTable(runs: readonly ReaperRun[]): string[] {
  if (runs.length === 0) return ['The reaper has not run yet.'];
  const counted = ({ counts }: ReaperRun) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([verdict, count]) => `${verdict} ${count}`)
      .join(', ');
  return table(
    ['STARTED', 'TOOK', 'STOPS', 'ERRORS', 'VERDICTS', 'BY', 'ID'],
    runs.map((run) => [
      run.startedAt,
      run.finishedAt ? `${Date.parse(run.finishedAt) - Date.parse(run.startedAt)} ms` : 'not ended',
      `${run.decisions.filter(({ action }) => action === 'stop').length}${run.dryRun ? ' (dry run)' : ''}`,
      run.errors.length,
      counted(run) || NONE,
      run.actor,
      run.id,
    ]),
  );
}

export function controlLines({ pause, breaker, budgets, latestTurnAt }: ReaperControl): string[] {
  const lasting = pause?.until ? `until ${pause.until}` : 'until somebody resumes them';
  return [
    ...pairs([
      ['automatic stops', pause ? `paused ${lasting}, by ${pause.by}: ${pause.reason}` : 'go on'],
      [
        'circuit breaker',
        breaker
          ? `open since ${breaker.openedAt}: ${breaker.stops} stops of ${breaker.running} running`
          : 'closed',
      ],
      ['latest turn', latestTurnAt ?? NONE],
    ]),
    ...budgets.map(
      ({ scope, allowed, used, windowMinutes }) =>
        `budget of ${plain(scope)}: ${used} of ${allowed} used within ${windowMinutes} min`,
    ),
  ];
}

export function simulationLines({ from, to, totals, workers }: Simulation): string[] {
  return [
    ...pairs([
      ['span', `${from} to ${to}`],
      ['workers', totals.workers],
      ['stops', totals.stops],
      ['hours saved', `${hours(totals.hoursSaved)} of ${hours(totals.hoursRun)}`],
      ['stops in use', `${totals.hits} that somebody would have met within 30 minutes`],
      ['held by budget', totals.heldByBudget],
      ...(totals.approximate
        ? [['approximate', 'parts of what is recorded are not exact, or missing'] as const]
        : []),
    ]),
    '',
    ...table(
      ['WORKER', 'STOPS', 'IN USE', 'HOURS SAVED', 'HOURS RUN'],
      workers.map((one) => [one.workerName, one.stops, one.hits, hours(one.hoursSaved), hours(one.hoursRun)]),
    ),
  ];
}

function hours(value: number): string {
  return value.toFixed(1);
}
