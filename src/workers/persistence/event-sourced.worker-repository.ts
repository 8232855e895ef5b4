import { type AggregateStore, ReservedKeys, type Reservations } from '../../event-store';
import { MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type CmlWorker } from '../domain/cml-worker';
import { EVERYWHERE, type WorkerReadModel, type WorkerRecord, WorkerRepository } from '../domain/ports';
import { AlreadyManaged } from '../domain/worker-errors';
import { type WorkerState } from '../domain/worker-state';
import { type CMLWorkerStatus } from '../domain/worker-status';
import { WORKER_DEFINITION } from './worker-definition';
import { describeKey, keysOf, kindOfKey } from './worker-keys';

/** Workers by their streams, lists by the read model; names and instances are unique by reservations. */
export class EventSourcedWorkerRepository extends WorkerRepository {
  private readonly keys: ReservedKeys<CmlWorker, WorkerState>;

  constructor(
    private readonly aggregates: AggregateStore<CmlWorker, WorkerState>,
    private readonly readModel: WorkerReadModel,
    reservations: Reservations,
  ) {
    super();
    this.keys = new ReservedKeys({
      ...{ definition: WORKER_DEFINITION, aggregates, reservations, keysOf },
      taken: (key, holder) => new AlreadyManaged(describeKey(key), holder, kindOfKey(key)),
    });
  }

  async getAll(): Promise<WorkerRecord[]> {
    const [active, ended] = await Promise.all([this.getActiveWorkers(), this.getByStatus('TERMINATED')]);
    return [...active, ...ended];
  }

  getByStatus(status: CMLWorkerStatus): Promise<WorkerRecord[]> {
    return this.readModel.byStatus([status]);
  }

  getActiveWorkers(where = EVERYWHERE): Promise<WorkerRecord[]> {
    return this.readModel.active(where);
  }

  getIdleWorkers(thresholdMinutes: number, now: Date): Promise<WorkerRecord[]> {
    return this.readModel.idleSince(plus(now, -thresholdMinutes * MINUTE));
  }

  async getByAwsInstanceId(region: string, awsInstanceId: string): Promise<CmlWorker | null> {
    const record = await this.readModel.byInstance(region, awsInstanceId);
    return record && this.getById(record.id);
  }

  async getById(id: string): Promise<CmlWorker | null> {
    return managed(await this.aggregates.load(id));
  }

  async getAt(id: string, time: Date): Promise<CmlWorker | null> {
    return managed(await this.aggregates.loadAt(id, time));
  }

  async add(
    worker: CmlWorker,
    context: CommandContext,
    once: () => Promise<void> = () => Promise.resolve(),
  ): Promise<CmlWorker> {
    const before = await this.aggregates.load(worker.id);
    if (before) return before.aggregate;
    await this.keys.take(worker);
    try {
      await once();
    } catch (error) {
      await this.giveBack(worker);
      throw error;
    }
    return (await this.aggregates.create(worker, context)).aggregate;
  }

  async update(id: string, context: CommandContext, change: (worker: CmlWorker) => void): Promise<CmlWorker> {
    let before: string[] = [];
    const { aggregate } = await this.aggregates.change(id, context, async (worker) => {
      if (worker.state.releasedAt) throw WORKER_DEFINITION.missing(id);
      before = keysOf(worker.state);
      change(worker);
      await this.keys.take(worker, before);
    });
    await this.keys.free(aggregate, before);
    return aggregate;
  }

  async delete(
    id: string,
    context: CommandContext,
    now: Date,
    check: (worker: CmlWorker) => void = () => undefined,
  ): Promise<void> {
    await this.update(id, context, (worker) => {
      check(worker);
      worker.release({ by: context.actor, reason: context.reason, at: now });
    });
  }

  sweepReservations(takenBefore: Date): Promise<number> {
    return this.keys.sweep(takenBefore);
  }

  /** Not what another try of the same command has stored its worker with meanwhile. */
  private async giveBack(worker: CmlWorker): Promise<void> {
    if (await this.aggregates.load(worker.id)) return;
    await this.keys.giveBack(worker);
  }
}

function managed(loaded: { readonly aggregate: CmlWorker } | null): CmlWorker | null {
  return loaded && !loaded.aggregate.state.releasedAt ? loaded.aggregate : null;
}
