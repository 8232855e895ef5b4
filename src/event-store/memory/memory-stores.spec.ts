import { ManualClock } from '../../kernel/clocks';
import { idempotencyStoreContract } from '../contracts/idempotency-store.contract';
import { leasesContract } from '../contracts/leases.contract';
import { reservationsContract } from '../contracts/reservations.contract';
import { snapshotStoreContract } from '../contracts/snapshot-store.contract';
import { START } from '../testing/books';
import { MemoryIdempotencyStore } from './memory-idempotency-store';
import { MemoryLeases } from './memory-leases';
import { MemoryReservations } from './memory-reservations';
import { MemorySnapshotStore } from './memory-snapshot-store';

snapshotStoreContract('memory', () => Promise.resolve(new MemorySnapshotStore()));

reservationsContract('memory', () => {
  const clock = new ManualClock(START);
  return Promise.resolve({ clock, reservations: new MemoryReservations(clock) });
});

idempotencyStoreContract('memory', () => {
  const clock = new ManualClock(START);
  return Promise.resolve({ clock, store: new MemoryIdempotencyStore(clock) });
});

leasesContract('memory', () => {
  const clock = new ManualClock(START);
  return Promise.resolve({ leases: new MemoryLeases(clock), pass: (ms: number) => clock.advance(ms) });
});
