import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { EventDecoder, EventStore, replayedKind, type ReplayedState, streamOf } from '../../event-store';
import { HOUR, plus } from '../../kernel/clocks';
import { GetSignalHistory } from '../../telemetry';
import { WORKER_DEFINITION, type WorkerState } from '../../workers';
import { type Span, type WorkerMoment, type WorkerPast } from './replay/worker-past';

const WORKER = replayedKind(WORKER_DEFINITION);
const COMMITS_AT_ONCE = 500;
/** What was read so long before the beginning may still count at it. */
const EARLIER_MS = 24 * HOUR;

/** Brings back what is recorded of one worker. One at a time: 90 days of a busy worker are some megabytes. */
@Injectable()
export class PastReader {
  constructor(
    private readonly store: EventStore,
    private readonly decoder: EventDecoder,
    private readonly queries: QueryBus,
  ) {}

  /** @throws StoreUnavailable, CorruptStream, UnknownEvent */
  async past(workerId: string, { from, to }: Span): Promise<WorkerPast> {
    const moments = await this.moments(workerId, from, to);
    const earlier = plus(from, -EARLIER_MS);
    const intervals = await this.queries.execute(new GetSignalHistory(workerId, earlier, to));
    return { moments, intervals };
  }

  private async moments(workerId: string, from: Date, to: Date): Promise<WorkerMoment[]> {
    const stream = streamOf(WORKER.kind, workerId);
    const moments: WorkerMoment[] = [];
    let replayed: ReplayedState<WorkerState> | null = null;
    for (;;) {
      const afterVersion: number = replayed?.version ?? 0;
      const options = { afterVersion, until: to, limit: COMMITS_AT_ONCE };
      const commits = await this.store.load(stream, options);
      for (const commit of commits) {
        replayed = WORKER.after(workerId, this.decoder.decode(commit), replayed);
        // of what was before the beginning only the last is how it stood then
        if (commit.at <= from) moments.length = 0;
        moments.push({ at: commit.at, state: replayed.state });
      }
      if (commits.length < COMMITS_AT_ONCE) return moments;
    }
  }
}
