import {
  aggregateIdOf,
  AggregateStores,
  type Commit,
  EventRegistry,
  type EventStore,
} from '../../../src/event-store';
import { MemoryReservations } from '../../../src/event-store/memory/memory-reservations';
import { MemorySnapshotStore } from '../../../src/event-store/memory/memory-snapshot-store';
import { type DomainEvent } from '../../../src/kernel/domain-event';
import { REAPER_CONTROL_EVENTS } from '../../../src/reaper/domain/control/control-events';
import { NO_CONTROL, type ReaperControlState } from '../../../src/reaper/domain/control/control-state';
import { type ReaperControls } from '../../../src/reaper/domain/control/ports';
import { type StopTrail } from '../../../src/reaper/domain/stop-trail';
import { EventSourcedReaperControls } from '../../../src/reaper/persistence/event-sourced.reaper-controls';
import { REAPER_CONTROL_DEFINITION } from '../../../src/reaper/persistence/reaper-control-definition';
import { StoredStopTrail } from '../../../src/reaper/persistence/stored-stop-trail';
import { MemoryVerdictBook } from '../../../src/reaper/persistence/verdict-book.memory-store';
import { type WorkerState } from '../../../src/workers';
import { type WorkerRepository } from '../../../src/workers/domain/ports';
import { WORKER_EVENTS } from '../../../src/workers/domain/worker-events';
import { EventSourcedWorkerRepository } from '../../../src/workers/persistence/event-sourced.worker-repository';
import { WORKER_DEFINITION } from '../../../src/workers/persistence/worker-definition';
import { MemoryWorkerReadModel } from '../../../src/workers/persistence/worker.memory-read-model';
import { type SimTime } from '../world/sim-time';
import { LeanEventStore, NoSeal } from './lean-event-store';
import { type TurnTimes, TurnsTaken } from './turns-taken';

/** Puts a port between a process and what it calls; the same port where nothing may go wrong. */
export type Gate = <T extends object>(name: string, port: T) => T;

export const NO_GATE: Gate = (_name, port) => port;

/** What one process has of the database. */
export interface ProcessStores {
  readonly repository: WorkerRepository;
  readonly controls: ReaperControls;
  readonly trail: StopTrail;
}

/** What outlives every process: the database. */
export class Stores {
  readonly readModel = new MemoryWorkerReadModel();
  readonly verdicts = new MemoryVerdictBook();
  readonly runs: TurnsTaken;
  /** each worker as its stream has it */
  readonly latest = new Map<string, WorkerState>();
  /** the reaper's control as its stream has it */
  control: ReaperControlState = NO_CONTROL;
  /** how often anything changed that a decision rests on */
  changes = 0;
  controlChanges = 0;
  private readonly events: LeanEventStore;
  private readonly snapshots = new MemorySnapshotStore();
  private readonly reservations: MemoryReservations;
  private readonly decoder = new EventRegistry();

  constructor(
    { fleet, machine }: SimTime,
    turns: TurnTimes,
    private readonly report: (error: unknown, during: string) => void,
  ) {
    this.events = new LeanEventStore(fleet, (commit, events) => this.follow(commit, events));
    this.runs = new TurnsTaken(turns);
    this.reservations = new MemoryReservations(machine);
    this.decoder.register([...WORKER_EVENTS, ...REAPER_CONTROL_EVENTS]);
  }

  /** As one process has them. */
  seenBy(gate: Gate): ProcessStores {
    const store = gate('events', this.events) as unknown as EventStore;
    const stores = new AggregateStores({
      ...{ store, seal: new NoSeal(), decoder: this.decoder, snapshots: this.snapshots },
      report: (error, during) => this.report(error, during),
      random: () => 0,
      pause: () => Promise.resolve(),
    });
    return {
      repository: new EventSourcedWorkerRepository(
        stores.open(WORKER_DEFINITION),
        this.readModel,
        this.reservations,
      ),
      controls: new EventSourcedReaperControls(stores.open(REAPER_CONTROL_DEFINITION)),
      trail: new StoredStopTrail(store),
    };
  }

  /**
   * As the application's subscriptions follow the log: also what a process stored and died before it could tell. By the
   * events as they were decided, since to read each commit back costs a good part of an episode.
   */
  private async follow({ stream, first, last }: Commit, events: readonly DomainEvent[]): Promise<void> {
    this.changes += 1;
    const id = aggregateIdOf(stream);
    const version = first - 1;
    if (stream.startsWith(`${REAPER_CONTROL_DEFINITION.streamPrefix}-`)) {
      this.controlChanges += 1;
      this.control = REAPER_CONTROL_DEFINITION.restore(id, events, { state: this.control, version }).state;
      return;
    }
    const known = this.latest.get(id);
    const { state } = WORKER_DEFINITION.restore(id, events, known ? { state: known, version } : null);
    this.latest.set(id, state);
    await this.readModel.put(state, last);
  }
}
