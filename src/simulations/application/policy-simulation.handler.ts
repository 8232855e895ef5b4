import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { InvalidInput } from '../../kernel/domain-error';
import { type OperationHandler, type OperationRun, type OperationSuccess } from '../../operations';
import { PolicyDrafts } from '../../policies';
import { budgetedBy, type EffectivePolicy, PolicySource, subjectOf } from '../../reaper';
import { SIGNAL_SOURCE, usualGapMs } from '../../telemetry';
import { type WorkerState } from '../../workers';
import { PastVerdicts, SimulationStore } from '../domain/ports';
import { type SimulationOrder } from '../domain/simulation';
import { type SkippedWorker } from '../domain/simulation-result';
import { ChosenWorkers } from './chosen-workers';
import { PastReader } from './past-reader';
import { changeTurns } from './replay/change-times';
import { IndexedPast } from './replay/indexed-past';
import { unclearTimes } from './replay/signal-track';
import { type Pause } from './replay/stop-grants';
import { type TickGrid, tickGrid } from './replay/tick-grid';
import { unrecordedTimes } from './replay/unrecorded-times';
import { VerdictComparer } from './replay/verdict-comparison';
import { type Span } from './replay/worker-past';
import { type WorkerReplay, WorkerReplayer } from './replay/worker-replay';
import { ranIn, type ReplayedWorker, simulatedFleet } from './simulated-fleet';
import { SIMULATION_OPTIONS, type SimulationOptions } from './simulation.options';
import { orderFrom, SIMULATE_POLICY, type StoredOrder } from './stored-order';

/** Workers between two notes of how far it is. */
const NOTED_EACH = 10;

/** While budgets decide, pauses between two notes of how far it is. */
const PAUSES_OF_A_NOTE = 25;

/** One simulation under way. */
interface Course {
  readonly order: SimulationOrder;
  readonly grid: TickGrid;
  readonly replayed: ReplayedWorker[];
  readonly skipped: SkippedWorker[];
  readonly comparer: VerdictComparer | null;
}

/**
 * Replays the chosen workers one after the other, so that only one's past is in memory, and then lets the budgets that
 * they share decide. It changes nothing but its own result, so that it may be begun anew at any time.
 */
@Injectable()
export class PolicySimulationHandler implements OperationHandler {
  readonly kind = SIMULATE_POLICY;
  /** it keeps a processor busy, which all else needs as well */
  readonly atOnce = 1;
  readonly role = 'admin';

  constructor(
    private readonly queries: QueryBus,
    private readonly reader: PastReader,
    private readonly policies: PolicySource,
    private readonly drafts: PolicyDrafts,
    private readonly pastVerdicts: PastVerdicts,
    private readonly store: SimulationStore,
    private readonly clock: FleetClock,
    @Inject(SIMULATION_OPTIONS) private readonly options: SimulationOptions,
  ) {}

  async run(run: OperationRun): Promise<OperationSuccess> {
    const { operation } = run;
    const order = orderFrom(operation.input as unknown as StoredOrder);
    const { workers, missing } = await new ChosenWorkers(this.queries).of(order);
    const grid = tickGrid(this.options.cron);
    const comparer = order.policy === null ? new VerdictComparer(grid) : null;
    const course: Course = { order, grid, replayed: [], skipped: [...missing], comparer };
    for (const [index, worker] of workers.entries()) {
      if (index % NOTED_EACH === 0) {
        const message = `${index} of ${workers.length} workers are replayed.`;
        await run.report({ progress: index / (workers.length + 1), message });
      }
      await this.replay(worker, course);
    }
    const { replayed, skipped } = course;
    const replayedShare = workers.length / (workers.length + 1);
    await run.report({ progress: replayedShare, message: 'All workers are replayed.' });
    const pause = pauseOf(run, replayedShare, order);
    const sums = await simulatedFleet(replayed, this.policies.fleet(), grid, order.to, pause);
    const result = { ...sums, skipped, comparison: comparer?.result ?? null };
    const { id, createdAt, actor: createdBy } = operation;
    await run.report({ progress: 1, message: 'All stops are counted.' });
    await this.store.put({ ...order, id, createdAt, createdBy, finishedAt: this.clock.now(), result });
    const { totals } = result;
    const message =
      `${totals.stops} stops of ${totals.workers} workers would have saved ${totals.hoursSaved} h, ` +
      `and hit somebody ${totals.hits} times.`;
    return { message, result: { simulationId: id, totals } };
  }

  private async replay(
    worker: WorkerState,
    { order, grid, replayed, skipped, comparer }: Course,
  ): Promise<void> {
    const { id, name } = worker;
    const effective = this.effectiveOf(worker, order, skipped);
    if (!effective) return;
    const past = new IndexedPast(await this.reader.past(id, order));
    const terms = { from: order.from, to: order.to, effective, grid };
    const turns = changeTurns(past, terms);
    const { dues, evaluations } = new WorkerReplayer(past, { ...terms, plans: 'own' }).run(turns);
    const ran = ranIn(past.moments, order);
    const unclear = this.unclearOf(past, effective, order);
    replayed.push({ ...budgetedBy(worker, effective), name, dues, ran, unclear, evaluations });
    if (!comparer) return;
    const asRecorded = new WorkerReplayer(past, { ...terms, plans: 'recorded' }).run(turns);
    await this.compare(id, comparer, asRecorded, effective, order);
  }

  /** Null where nothing would be stopped since its policies have a problem, or the draft does not fit them. */
  private effectiveOf(
    worker: WorkerState,
    { policy }: SimulationOrder,
    skipped: SkippedWorker[],
  ): EffectivePolicy | null {
    const subject = subjectOf(worker);
    const live = this.policies.of(subject);
    const skip = (why: string) => {
      skipped.push({ workerId: worker.id, workerName: worker.name, why });
      return null;
    };
    if (live.problems && live.problems.length > 0) return skip(live.problems.join(' '));
    if (policy === null) return live;
    try {
      return this.drafts.of(subject, policy as Parameters<PolicyDrafts['of']>[1]);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      return skip(`The draft does not fit its other policies: ${error.message}.`);
    }
  }

  private async compare(
    workerId: string,
    comparer: VerdictComparer,
    { verdicts }: WorkerReplay,
    { layers }: EffectivePolicy,
    { from, to }: Span,
  ): Promise<void> {
    const recorded = await this.pastVerdicts.between(workerId, from, to);
    comparer.add(
      workerId,
      recorded,
      verdicts,
      layers.map(({ id, version }) => `${id}@${version}`),
    );
  }

  /** Only while it ran: nobody judges what stands still. */
  private unclearOf({ records, moments }: IndexedPast, { policy }: EffectivePolicy, span: Span): Span[] {
    const { observeSeconds, activitySeconds } = this.options;
    const cadence = { observeSeconds, activitySeconds, licenseSeconds: observeSeconds };
    const ran = ranIn(moments, span);
    const unclear = [...records.values()].flatMap(({ intervals }) =>
      unclearTimes(intervals, policy, (signal) => usualGapMs(cadence, SIGNAL_SOURCE[signal])),
    );
    return [
      ...unclear.filter((one) => ran.some(({ from, to }) => one.from < to && one.to > from)),
      ...unrecordedTimes(moments, records, policy, span),
    ];
  }
}

/** Lets the event loop go on, and says at times how far the budgets are, from `begun` up to 1. */
function pauseOf(run: OperationRun, begun: number, { from, to }: Span): Pause {
  let pauses = 0;
  return async (now) => {
    await setImmediate();
    if ((pauses += 1) % PAUSES_OF_A_NOTE !== 1) return;
    const share = (now.getTime() - from.getTime()) / (to.getTime() - from.getTime());
    const message = `All workers are replayed; budgets have decided up to ${now.toISOString()}.`;
    await run.report({ progress: begun + (1 - begun) * share, message });
  };
}
