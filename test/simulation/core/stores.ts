import { AggregateStores, EventRegistry, type EventStore } from '../../../src/event-store';
import { MemoryReservations } from '../../../src/event-store/memory/memory-reservations';
import { MemorySnapshotStore } from '../../../src/event-store/memory/memory-snapshot-store';
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
    this.events = new LeanEventStore(fleet);
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
    const workers = stores.open(WORKER_DEFINITION, (commit, _events, worker) => {
      this.changes += 1;
      this.latest.set(worker.id, worker.state);
      return this.readModel.put(worker.state, commit.last);
    });
    const controls = stores.open(REAPER_CONTROL_DEFINITION, (_commit, _events, { state }) => {
      this.changes += 1;
      this.controlChanges += 1;
      this.control = state;
    });
    return {
      repository: new EventSourcedWorkerRepository(workers, this.readModel, this.reservations),
      controls: new EventSourcedReaperControls(controls),
      trail: new StoredStopTrail(store),
    };
  }
}
