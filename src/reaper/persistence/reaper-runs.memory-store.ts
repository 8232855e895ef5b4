import { Injectable } from '@nestjs/common';
import { ReaperRuns, type RunPosition } from '../domain/ports';
import { type ReaperRun } from '../domain/reaper-run';

/** About a day of turns every minute. */
const KEPT = 1_500;

/** The latest runs, in this process' memory; the oldest ones go as new ones come. */
@Injectable()
export class MemoryReaperRuns extends ReaperRuns {
  /** newest first */
  private runs: readonly ReaperRun[] = [];

  put(run: ReaperRun): Promise<void> {
    const others = this.runs.filter(({ id }) => id !== run.id);
    this.runs = [run, ...others].sort(newestFirst).slice(0, KEPT);
    return Promise.resolve();
  }

  latestTurn({ finished }: { finished: boolean }): Promise<Date | null> {
    const counts = ({ dryRun, finishedAt }: ReaperRun) => !dryRun && (!finished || finishedAt !== null);
    return Promise.resolve(this.runs.find(counts)?.startedAt ?? null);
  }

  latestEnd(): Promise<Date | null> {
    const latest = this.runs.find(({ dryRun }) => !dryRun);
    return Promise.resolve(latest?.finishedAt ?? latest?.startedAt ?? null);
  }

  find(id: string): Promise<ReaperRun | null> {
    return Promise.resolve(this.runs.find((run) => run.id === id) ?? null);
  }

  page(limit: number, after: RunPosition | null): Promise<ReaperRun[]> {
    const rest = after ? this.runs.filter((run) => newestFirst(run, after) > 0) : this.runs;
    return Promise.resolve(rest.slice(0, limit));
  }
}

function newestFirst(a: RunPosition, b: RunPosition): number {
  return b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
