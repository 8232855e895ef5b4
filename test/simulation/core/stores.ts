import { AggregateStores, EventRegistry, type EventStore } from '../../../src/event-store';
import { MemoryReservations } from '../../../src/event-store/memory/memory-reservations';
import { MemorySnapshotStore } from '../../../src/event-store/memory/memory-snapshot-store';
import { type MachineClock } from '../../../src/kernel/clocks';
import { type ReaperRuns } from '../../../src/reaper/domain/ports';
import { type WorkerState } from '../../../src/workers';
import { WORKER_EVENTS } from '../../../src/workers/domain/worker-events';
import { EventSourcedWorkerRepository } from '../../../src/workers/persistence/event-sourced.worker-repository';
import { WORKER_DEFINITION } from '../../../src/workers/persistence/worker-definition';
import { MemoryWorkerReadModel } from '../../../src/workers/persistence/worker.memory-read-model';
import { type SimTime } from '../world/sim-time';
import { LeanEventStore, NoSeal } from './lean-event-store';

/** Puts a port between a process and what it calls; the same port where nothing may go wrong. */
export type Gate = <T extends object>(name: string, port: T) => T;

export const NO_GATE: Gate = (_name, port) => port;

/** What outlives every process: the database. */
export class Stores {
  readonly readModel = new MemoryWorkerReadModel();
  /** what each turn did is not asked for here */
  readonly runs: ReaperRuns = {
    add: () => Promise.resolve(),
    find: () => Promise.resolve(null),
    page: () => Promise.resolve([]),
  };
  /** each worker as its stream has it */
  readonly latest = new Map<string, WorkerState>();
  /** how often any of them changed */
  changes = 0;
  private readonly events: LeanEventStore;
  private readonly snapshots = new MemorySnapshotStore();
  private readonly reservations: MemoryReservations;
  private readonly decoder = new EventRegistry();

  constructor(
    time: SimTime,
    private readonly report: (error: unknown, during: string) => void,
  ) {
    this.events = new LeanEventStore(time.fleet);
    this.reservations = new MemoryReservations(time.machine as MachineClock);
    this.decoder.register(WORKER_EVENTS);
  }

  /** As one process has them. */
  seenBy(gate: Gate) {
    const stores = new AggregateStores({
      store: gate('events', this.events) as unknown as EventStore,
      ...{ seal: new NoSeal(), decoder: this.decoder, snapshots: this.snapshots },
      report: (error, during) => this.report(error, during),
      random: () => 0,
      pause: () => Promise.resolve(),
    });
    const workers = stores.open(WORKER_DEFINITION, (commit, _events, worker) => {
      this.changes += 1;
      this.latest.set(worker.id, worker.state);
      return this.readModel.put(worker.state, commit.last);
    });
    return { stores, repository: new EventSourcedWorkerRepository(workers, this.readModel, this.reservations) };
  }
}
