import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { SignalHistory } from '../domain/ports';
import { type SignalInterval } from '../domain/signal';

/**
 * How the signals of one worker went: the intervals that overlap the time, oldest first. They are some thousands in 90
 * days, so that whoever asks about many workers asks about one after the other.
 */
export class GetSignalHistory extends Query<readonly SignalInterval[]> {
  constructor(
    readonly workerId: string,
    readonly from: Date,
    readonly to: Date,
  ) {
    super();
  }
}

@QueryHandler(GetSignalHistory)
export class GetSignalHistoryHandler implements IQueryHandler<GetSignalHistory> {
  constructor(private readonly history: SignalHistory) {}

  /** @throws StoreUnavailable */
  execute({ workerId, from, to }: GetSignalHistory): Promise<readonly SignalInterval[]> {
    return this.history.between(workerId, from, to);
  }
}
