import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { StopNotices } from '../../notifications';
import { type WorkerState } from '../../workers';
import { type ReaperControlState } from '../domain/control/control-state';
import { ReaperControls } from '../domain/control/ports';
import { type BudgetedWorker } from '../domain/control/budget-scopes';
import { type RunningFleet, StopBudgets } from '../domain/control/stop-budgets';
import { PolicySource } from '../domain/ports';
import { budgetedBy, subjectOf } from './worker-facts';
import { type Surroundings } from './worker-judge';

/** What is around the workers that are judged, read once for all of them. */
export interface FleetView extends Surroundings {
  readonly control: ReaperControlState;
  readonly fleet: RunningFleet;
}

/** Reads what a decision needs besides the worker and its signs of use. */
@Injectable()
export class FleetSurroundings {
  constructor(
    private readonly controls: ReaperControls,
    private readonly notices: StopNotices,
    private readonly policies: PolicySource,
    private readonly clock: FleetClock,
  ) {}

  /** `active` are all workers that are not terminated, by the list. @throws StoreUnavailable */
  of(active: readonly WorkerState[]): Promise<FleetView> {
    return this.view(this.runningOf(active), active);
  }

  /** The same with control and notices as they are now, of one worker. @throws StoreUnavailable */
  anew(worker: WorkerState, { fleet }: Pick<FleetView, 'fleet'>): Promise<FleetView> {
    return this.view(fleet, [worker]);
  }

  budgeted(worker: WorkerState): BudgetedWorker {
    return budgetedBy(worker, this.policies.of(subjectOf(worker)));
  }

  runningOf(active: readonly WorkerState[]): RunningFleet {
    const running = active
      .filter(({ status }) => status === 'RUNNING')
      .map((worker) => this.budgeted(worker));
    return { rules: this.policies.fleet(), running };
  }

  private async view(fleet: RunningFleet, workers: readonly WorkerState[]): Promise<FleetView> {
    const [control, notices] = await Promise.all([
      this.controls.state(),
      this.notices.factsOf(workers.map(({ id }) => id)),
    ]);
    const budgets = new StopBudgets(control, fleet, this.clock.now());
    return { control, fleet, notices, budget: (worker) => budgets.viewOf(this.budgeted(worker)) };
  }
}
