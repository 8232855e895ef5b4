import fc from 'fast-check';
import { hours, NOW } from '../testing/assignment.builder';
import { WorkerSeats } from './worker-seats';

const seat = (request: number, user = request, until = hours(1)) => ({
  ...{ requestId: `r-${request}`, userId: `user:${user}`, until },
});
const ROOM = { capacity: 1, users: [] };
const holders = (seats: WorkerSeats, now = NOW) => seats.takenAt(now).map(({ requestId }) => requestId);

describe('the seats of a worker', () => {
  it('are as many as its capacity', () => {
    const seats = WorkerSeats.empty('w');
    for (const request of [1, 2, 3]) seats.take(seat(request), { capacity: 2, users: [] }, NOW);
    expect(holders(seats)).toEqual(['r-1', 'r-2']);
  });

  it('are fewer by each other user to whom the worker is assigned', () => {
    const seats = WorkerSeats.empty('w');
    seats.take(seat(1), { capacity: 2, users: ['user:ann', 'user:ann'] }, NOW);
    seats.take(seat(2), { capacity: 2, users: ['user:ann', 'user:1'] }, NOW);
    expect(holders(seats)).toEqual(['r-1']);
  });

  it('are one for a user, and none for one who has the worker otherwise', () => {
    const seats = WorkerSeats.empty('w');
    seats.take(seat(1), { capacity: 5, users: [] }, NOW);
    seats.take(seat(2, 1), { capacity: 5, users: [] }, NOW);
    seats.take(seat(3), { capacity: 5, users: ['user:3'] }, NOW);
    expect(holders(seats)).toEqual(['r-1']);
  });

  it('are kept for longer by who has one, whoever came since', () => {
    const seats = WorkerSeats.empty('w');
    seats.take(seat(1), ROOM, NOW);
    seats.take(seat(1, 1, hours(4)), { capacity: 1, users: ['user:2'] }, NOW);
    seats.take(seat(1, 1, hours(2)), ROOM, NOW);
    expect(seats.takenAt(hours(3))).toEqual([seat(1, 1, hours(4))]);
    expect(seats.uncommitted).toHaveLength(2);
  });

  it('are free again by a word, and by time', () => {
    const seats = WorkerSeats.empty('w');
    seats.take(seat(1), ROOM, NOW);
    seats.free('r-1', NOW);
    seats.free('r-1', NOW);
    expect(seats.uncommitted).toHaveLength(2);
    seats.take(seat(2), ROOM, NOW);
    seats.take(seat(3, 3, hours(2)), ROOM, hours(1));
    expect(seats.state.seats).toEqual([seat(3, 3, hours(2))]);
  });

  it('are never more than the capacity at any moment, whatever is asked', () => {
    const act = fc.record({
      free: fc.boolean(),
      request: fc.nat(5),
      after: fc.integer({ min: 0, max: 3 }),
      length: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (acts, capacity) => {
        let seats = WorkerSeats.empty('w');
        let hour = 0;
        for (const { free, request, after, length } of acts) {
          hour += after;
          const now = hours(hour);
          if (free) seats.free(`r-${request}`, now);
          else seats.take(seat(request, request % 4, hours(hour + length)), { capacity, users: [] }, now);
          seats = WorkerSeats.restore('w', [], { state: seats.state, version: 1 });
          const taken = seats.takenAt(now);
          expect(taken.length).toBeLessThanOrEqual(capacity);
          expect(new Set(taken.map(({ userId }) => userId)).size).toBe(taken.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
