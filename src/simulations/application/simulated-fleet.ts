import { MINUTE } from '../../kernel/clocks';
import { type FleetRules } from '../../reaper';
import { type SimulatedStop, type SimulatedWorker, type SimulationResult } from '../domain/simulation-result';
import { type DueWorker } from './replay/due-worker';
import { type Pause, StopGrants } from './replay/stop-grants';
import { type TickGrid } from './replay/tick-grid';
import { timesOf } from './replay/unrecorded-times';
import { type Span, type WorkerMoment } from './replay/worker-past';

const SHOWN = { stops: 2_000, budgetHits: 500, breakerOpenings: 100 } as const;

/** A replayed worker, for the sums. */
export interface ReplayedWorker extends DueWorker {
  readonly name: string;
  readonly evaluations: number;
}

/** What came of all workers together. */
export async function simulatedFleet(
  workers: readonly ReplayedWorker[],
  rules: FleetRules,
  grid: TickGrid,
  end: Date,
  pause: Pause,
): Promise<Omit<SimulationResult, 'comparison' | 'skipped'>> {
  const { stops, budgetHits, breakerOpenings } = await new StopGrants(workers, rules, grid, end).run(pause);
  const stopsOf = countBy(stops, ({ workerId }) => workerId);
  const hitsOf = countBy(stops.filter(isHit), ({ workerId }) => workerId);
  const heldOf = countBy(budgetHits, ({ workerId }) => workerId);
  const savedOf = new Map<string, number>();
  for (const { workerId, minutesSaved } of stops) {
    savedOf.set(workerId, (savedOf.get(workerId) ?? 0) + minutesSaved);
  }
  const lines = workers.map((worker): SimulatedWorker => {
    const { id, name, unclear } = worker;
    return {
      ...{
        workerId: id,
        workerName: name,
        stops: stopsOf.get(id) ?? 0,
        hoursRun: hours(minutesOf(worker.ran)),
      },
      ...{ hoursSaved: hours(savedOf.get(id) ?? 0), hits: hitsOf.get(id) ?? 0 },
      ...{ heldByBudget: heldOf.get(id) ?? 0, approximate: unclear.length > 0 },
    };
  });
  return {
    totals: {
      ...{ workers: workers.length, stops: stops.length },
      stopsByCause: Object.fromEntries(countBy(stops, ({ cause }) => cause)),
      hoursSaved: hours(stops.reduce((sum, { minutesSaved }) => sum + minutesSaved, 0)),
      hoursRun: hours(workers.reduce((sum, { ran }) => sum + minutesOf(ran), 0)),
      ...{ hits: stops.filter(isHit).length, heldByBudget: budgetHits.length },
      breakerOpenings: breakerOpenings.length,
      evaluations: workers.reduce((sum, { evaluations }) => sum + evaluations, 0),
      approximate: lines.some(({ approximate }) => approximate),
    },
    workers: lines,
    stops: [...stops.filter(isHit), ...stops.filter((stop) => !isHit(stop))].slice(0, SHOWN.stops),
    budgetHits: budgetHits.slice(0, SHOWN.budgetHits),
    breakerOpenings: breakerOpenings.slice(0, SHOWN.breakerOpenings),
  };
}

/** The times in which it really ran. */
export function ranIn(moments: readonly WorkerMoment[], span: Span): Span[] {
  return timesOf(moments, span, ({ status }) => status === 'RUNNING');
}

function isHit({ hit }: SimulatedStop): boolean {
  return hit !== null;
}

function minutesOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + (to.getTime() - from.getTime()) / MINUTE, 0);
}

function hours(minutes: number): number {
  return Math.round((minutes / 60) * 100) / 100;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
