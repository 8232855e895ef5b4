import { AppendSignal } from '../../../src/event-store/append-signal';
import { CommitMaker } from '../../../src/event-store/commit-maker';
import { HmacCommitSeal } from '../../../src/event-store/hmac-commit-seal';
import { LogSeal } from '../../../src/event-store/log-seal';
import { MemoryCommitTable } from '../../../src/event-store/memory/memory-commit-table';
import { MemoryLogTable } from '../../../src/event-store/memory/memory-log-table';
import { MemoryReservations } from '../../../src/event-store/memory/memory-reservations';
import { MemorySnapshotStore } from '../../../src/event-store/memory/memory-snapshot-store';
import { TableEventStore } from '../../../src/event-store/table-event-store';
import { AggregateStores, type Commit, EventRegistry, streamOf } from '../../../src/event-store';
import { type ManualClock } from '../../../src/kernel/clocks';
import { MemoryObservationStore } from '../../../src/telemetry/persistence/observation.memory-store';
import { MemoryRegionSweepStore } from '../../../src/telemetry/persistence/region-sweep.memory-store';
import { MemorySignalHistory } from '../../../src/telemetry/persistence/signal-history.memory-store';
import { WORKER_EVENTS } from '../../../src/workers/domain/worker-events';
import { MemoryWorkerReadModel } from '../../../src/workers/persistence/worker.memory-read-model';
import { type Mortal } from './mortal';

const RING = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];

/** Counts what it takes in. */
class CountedCommits extends MemoryCommitTable {
  private readonly counts = new Map<string, number>();

  countOf(stream: string): number {
    return this.counts.get(stream) ?? 0;
  }

  override async insert(commit: Commit): Promise<boolean> {
    const inserted = await super.insert(commit);
    if (inserted) this.counts.set(commit.stream, this.countOf(commit.stream) + 1);
    return inserted;
  }
}

/** What outlives every process: the database. */
export class Stores {
  readonly commits = new CountedCommits();
  readonly log = new MemoryLogTable();
  readonly snapshots = new MemorySnapshotStore();
  readonly readModel = new MemoryWorkerReadModel();
  readonly observations = new MemoryObservationStore();
  readonly history = new MemorySignalHistory();
  readonly sweeps = new MemoryRegionSweepStore();
  readonly reservations: MemoryReservations;
  /** how far the log was followed */
  position = 0;

  constructor(readonly clock: ManualClock) {
    this.reservations = new MemoryReservations(clock);
  }

  /** All that is stored of some workers, in words. */
  async told(workerIds: readonly string[]): Promise<{ at: Date; what: string }[]> {
    const all = { afterVersion: 0, until: null, limit: null };
    const streams = workerIds.map((id) => this.commits.ofStream(streamOf('worker', id), all));
    return (await Promise.all(streams)).flat().flatMap(({ at, stream, events }) =>
      events.map(({ type, data }) => ({
        at,
        what: `${stream.slice(0, 15)} ${type} ${JSON.stringify(data)}`,
      })),
    );
  }

  /** As a process has them; without one nothing stands between. */
  seenBy(mortal: Mortal | null, report: (error: unknown, during: string) => void) {
    const gate = <T extends object>(name: string, port: T): T => mortal?.gate(name, port) ?? port;
    const seal = new HmacCommitSeal(RING);
    const decoder = new EventRegistry();
    decoder.register(WORKER_EVENTS);
    const store = new TableEventStore({
      commits: gate('commits', this.commits),
      log: gate('log', this.log),
      maker: new CommitMaker(this.clock, seal),
      seal: new LogSeal(RING),
      appended: new AppendSignal(),
      clock: this.clock,
      pause: () => Promise.resolve(),
    });
    const aggregates = new AggregateStores({
      ...{ store, seal, decoder, report, random: () => 0 },
      snapshots: gate('snapshots', this.snapshots),
      pause: () => Promise.resolve(),
    });
    return {
      ...{ store, decoder, aggregates },
      reservations: gate('reservations', this.reservations),
      readModel: gate('read model', this.readModel),
      observations: gate('observations', this.observations),
      history: gate('signals', this.history),
      sweeps: gate('sweeps', this.sweeps),
    };
  }
}
