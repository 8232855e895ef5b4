import { type Provider } from '@nestjs/common';
import { MachineClock } from '../../kernel/clocks';
import { AppendSignal } from '../append-signal';
import { CommitMaker } from '../commit-maker';
import { EventStore, IdempotencyStore, Leases, Reservations, SnapshotStore } from '../ports';
import { MemoryEventStore } from './memory-event-store';
import { MemoryIdempotencyStore } from './memory-idempotency-store';
import { MemoryLeases } from './memory-leases';
import { MemoryReservations } from './memory-reservations';
import { MemorySnapshotStore } from './memory-snapshot-store';

/** The stores of a process that forgets everything when it ends. */
export function memoryPersistence(): Provider[] {
  const timed = <T>(provide: abstract new () => T, make: (clock: MachineClock) => T): Provider => ({
    provide,
    inject: [MachineClock],
    useFactory: make,
  });
  return [
    {
      provide: EventStore,
      inject: [CommitMaker, AppendSignal],
      useFactory: (maker: CommitMaker, signal: AppendSignal) => new MemoryEventStore(maker, signal),
    },
    { provide: SnapshotStore, useClass: MemorySnapshotStore },
    timed(Reservations, (clock) => new MemoryReservations(clock)),
    timed(IdempotencyStore, (clock) => new MemoryIdempotencyStore(clock)),
    timed(Leases, (clock) => new MemoryLeases(clock)),
  ];
}
