import { ReaperRuns } from '../../../src/reaper/domain/ports';
import { type ReaperRun } from '../../../src/reaper/domain/reaper-run';

/** When turns were taken, those that were left out because they would have done nothing among them. Fleet milliseconds. */
export interface TurnTimes {
  /** the latest turn that was begun before the present one; null: none, or each of the minutes before had its turn */
  begunBefore(): number | null;
  finishedBefore(): number | null;
  begun(): void;
  finished(): void;
}

/** Of the runs nothing is kept but when they were. */
export class TurnsTaken extends ReaperRuns {
  constructor(private readonly times: TurnTimes) {
    super();
  }

  put({ finishedAt }: ReaperRun): Promise<void> {
    if (finishedAt) this.times.finished();
    else this.times.begun();
    return Promise.resolve();
  }

  latestTurn({ finished }: { readonly finished: boolean }): Promise<Date | null> {
    const at = finished ? this.times.finishedBefore() : this.times.begunBefore();
    return Promise.resolve(at === null ? null : new Date(at));
  }

  latestEnd(): Promise<Date | null> {
    return this.latestTurn({ finished: false });
  }

  find(): Promise<null> {
    return Promise.resolve(null);
  }

  page(): Promise<ReaperRun[]> {
    return Promise.resolve([]);
  }
}
