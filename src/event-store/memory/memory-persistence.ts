import { type Provider } from '@nestjs/common';
import { MachineClock } from '../../kernel/clocks';
import { IdempotencyStore, Leases, Reservations, SnapshotStore } from '../ports';
import { ParkedStreams, Subscriptions } from '../subscription-ports';
import { CommitTable, LogTable } from '../tables';
import { MemoryCommitTable } from './memory-commit-table';
import { MemoryIdempotencyStore } from './memory-idempotency-store';
import { MemoryLeases } from './memory-leases';
import { MemoryLogTable } from './memory-log-table';
import { MemoryParkedStreams } from './memory-parked-streams';
import { MemoryReservations } from './memory-reservations';
import { MemorySnapshotStore } from './memory-snapshot-store';
import { MemorySubscriptions } from './memory-subscriptions';

/** The stores of a process that forgets everything when it ends. */
export function memoryPersistence(): Provider[] {
  const timed = <T>(provide: abstract new () => T, make: (clock: MachineClock) => T): Provider => ({
    provide,
    inject: [MachineClock],
    useFactory: make,
  });
  return [
    { provide: CommitTable, useClass: MemoryCommitTable },
    { provide: LogTable, useClass: MemoryLogTable },
    { provide: SnapshotStore, useClass: MemorySnapshotStore },
    { provide: ParkedStreams, useClass: MemoryParkedStreams },
    timed(Subscriptions, (clock) => new MemorySubscriptions(clock)),
    timed(Reservations, (clock) => new MemoryReservations(clock)),
    timed(IdempotencyStore, (clock) => new MemoryIdempotencyStore(clock)),
    timed(Leases, (clock) => new MemoryLeases(clock)),
  ];
}
