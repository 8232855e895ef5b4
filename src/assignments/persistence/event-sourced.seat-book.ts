import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { SeatBook } from '../domain/ports';
import { WorkerSeats, type WorkerSeatsState } from '../domain/worker-seats';
import { putAggregate } from './put-aggregate';

export class EventSourcedSeatBook extends SeatBook {
  constructor(private readonly seats: AggregateStore<WorkerSeats, WorkerSeatsState>) {
    super();
  }

  change(
    workerId: string,
    context: CommandContext,
    decide: (seats: WorkerSeats) => void,
  ): Promise<WorkerSeats> {
    return putAggregate(this.seats, WorkerSeats.empty(workerId), context, decide);
  }
}
