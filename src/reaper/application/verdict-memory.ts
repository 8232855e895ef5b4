import { Inject, Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { type WorkerState } from '../../workers';
import { type IdleDecision, type Verdict } from '../domain/decision';
import { REAPER_OPTIONS, type ReaperOptions } from './reaper.options';

/** How long a CML server may take to come up, in which nobody need worry that it cannot be read. */
const BOOT_BUDGET_MS = 30 * MINUTE;

interface Episode {
  readonly verdict: Verdict;
  readonly since: Date;
  readonly alarmed: boolean;
}

export interface Remembered {
  /** the verdict is another than in the run before */
  readonly changed: boolean;
  /** how long nobody could tell, when it is time to tell people so; null otherwise, and once they were told */
  readonly alarmAfterMs: number | null;
}

/**
 * The latest verdict of each worker, in this process' memory: it tells new verdicts from old ones, and alarms once per
 * time in which a worker cannot be judged. After a restart, or on another replica, each worker counts as new: an alarm
 * that is still right is then given once more.
 */
@Injectable()
export class VerdictMemory {
  private readonly episodes = new Map<string, Episode>();

  constructor(@Inject(REAPER_OPTIONS) private readonly options: ReaperOptions) {}

  note(worker: WorkerState, { verdict, at }: IdleDecision): Remembered {
    const before = this.episodes.get(worker.id);
    const changed = before?.verdict !== verdict;
    const since = before && !changed ? before.since : at;
    const lasted = at.getTime() - since.getTime();
    const alarmed = before && !changed ? before.alarmed : false;
    this.episodes.set(worker.id, { verdict, since, alarmed });
    const long = lasted >= 2 * this.options.observeSeconds * SECOND;
    const due = verdict === 'unknown' && long && !alarmed && !isBooting(worker, at);
    return { changed, alarmAfterMs: due ? lasted : null };
  }

  /** People were told, and are not told again until the verdict was another. */
  alarmGiven(workerId: string): void {
    const episode = this.episodes.get(workerId);
    if (episode) this.episodes.set(workerId, { ...episode, alarmed: true });
  }

  /** Forgets all other workers. */
  keepOnly(workerIds: ReadonlySet<string>): void {
    for (const id of this.episodes.keys()) if (!workerIds.has(id)) this.episodes.delete(id);
  }
}

function isBooting({ serviceStatus, runningSince }: WorkerState, now: Date): boolean {
  if (serviceStatus !== 'STARTING' && serviceStatus !== 'UNAVAILABLE') return false;
  return runningSince !== null && now.getTime() - runningSince.getTime() < BOOT_BUDGET_MS;
}
