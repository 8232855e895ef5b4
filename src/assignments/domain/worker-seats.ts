import { AggregateRoot } from '../../kernel/aggregate-root';
import { WorkerSeatFreed, type WorkerSeatsEvent, WorkerSeatTaken } from './worker-seats-events';

/** A place on a worker that a request has, before it is granted and while it lasts. */
export interface Seat {
  readonly requestId: string;
  readonly userId: string;
  readonly until: Date;
}

export interface WorkerSeatsState {
  /** those that were taken for longer than the latest event was */
  readonly seats: readonly Seat[];
}

/** What was known of the worker's other users when a seat was asked for. */
export interface Room {
  /** how many people may have the worker at once, by request */
  readonly capacity: number;
  /** users to whom the worker is assigned in that time */
  readonly users: readonly string[];
}

/**
 * The seats that requests have on one worker: the one thing that decides who gets the last one. Two requests that want it
 * at once append to the same stream, and the second one decides again by what the first one did. A seat is free again by
 * time alone, so whoever dies takes none with him.
 */
export class WorkerSeats extends AggregateRoot<WorkerSeatsState, WorkerSeatsEvent> {
  static empty(workerId: string): WorkerSeats {
    return new WorkerSeats(workerId, NO_STATE, 0);
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly WorkerSeatsEvent[],
    { state, version }: { state: WorkerSeatsState; version: number } = { state: NO_STATE, version: 0 },
  ): WorkerSeats {
    return new WorkerSeats(id, events.reduce(evolve, state), version + events.length);
  }

  /** Takes a seat, or keeps the one that the request has, until a time. Nothing changes where there is no room. */
  take(wanted: Seat, { capacity, users }: Room, now: Date): void {
    const { requestId, userId, until } = wanted;
    const taken = this.takenAt(now);
    const own = taken.find((seat) => seat.requestId === requestId);
    if (!own && !hasRoom(userId, [...taken.map((seat) => seat.userId), ...users], capacity)) return;
    if (!own || until > own.until) {
      this.record(new WorkerSeatTaken(this.id, { requestId, userId, until, at: now }));
    }
  }

  /** Without effect where the request has none. */
  free(requestId: string, now: Date): void {
    if (!this.takenAt(now).some((seat) => seat.requestId === requestId)) return;
    this.record(new WorkerSeatFreed(this.id, { requestId, at: now }));
  }

  takenAt(now: Date): Seat[] {
    return this.state.seats.filter(({ until }) => until > now);
  }

  protected evolve(state: WorkerSeatsState, event: WorkerSeatsEvent): WorkerSeatsState {
    return evolve(state, event);
  }
}

/** Nobody gets a second place on a worker that he has; others do while there are fewer users than places. */
export function hasRoom(userId: string, users: readonly string[], capacity: number): boolean {
  const others = new Set(users);
  return !others.has(userId) && others.size < capacity;
}

const NO_STATE: WorkerSeatsState = { seats: [] };

function evolve({ seats }: WorkerSeatsState, event: WorkerSeatsEvent): WorkerSeatsState {
  const { requestId, at } = event.data;
  const others = seats.filter((seat) => seat.requestId !== requestId && seat.until > at);
  if (event.type === 'worker-seats.freed') return { seats: others };
  const { userId, until } = event.data;
  return { seats: [...others, { requestId, userId, until }] };
}
