import { type AggregateStore, ReservedKeys, type Reservations } from '../../event-store';
import { MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { covers, FLEET, type Reach } from '../../kernel/reach';
import { type CmlWorker } from '../domain/cml-worker';
import { EVERYWHERE, type WorkerReadModel, type WorkerRecord, WorkerRepository } from '../domain/ports';
import { AlreadyManaged } from '../domain/worker-errors';
import { mustStayWithin } from '../domain/worker-reach';
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

  getIdleWorkers(thresholdMinutes: number, now: Date, reach?: Reach): Promise<WorkerRecord[]> {
    return this.readModel.idleSince(plus(now, -thresholdMinutes * MINUTE), reach);
  }

  getIdsWithin(reach: Reach): Promise<string[]> {
    return this.readModel.idsWithin(reach);
  }

  async getByAwsInstanceId(region: string, awsInstanceId: string): Promise<CmlWorker | null> {
    const record = await this.readModel.byInstance(region, awsInstanceId);
    return record && this.getById(record.id);
  }

  async getById(id: string, reach: Reach = FLEET): Promise<CmlWorker | null> {
    const worker = managed(await this.aggregates.load(id));
    return worker && covers(reach, worker.state) ? worker : null;
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
    if (before) return within(before.aggregate, context);
    mustStayWithin(reachOf(context), worker.state, `The worker ${worker.state.name}`);
    await this.take(worker, context);
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
      if (within(worker, context).state.releasedAt) throw WORKER_DEFINITION.missing(id);
      before = keysOf(worker.state);
      change(worker);
      mustStayWithin(reachOf(context), worker.state, worker.state.name);
      await this.take(worker, context, before);
    });
    await this.keys.free(aggregate, before);
    // a command that was carried out before comes here without the look above
    return within(aggregate, context);
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

  /** Who holds a key that is taken is told within reach only. */
  private async take(worker: CmlWorker, context: CommandContext, before: string[] = []): Promise<void> {
    try {
      await this.keys.take(worker, before);
    } catch (error) {
      if (!(error instanceof AlreadyManaged) || error.workerId === null) throw error;
      throw (await this.getById(error.workerId, reachOf(context))) ? error : error.withoutHolder;
    }
  }

  /** Not what another try of the same command has stored its worker with meanwhile. */
  private async giveBack(worker: CmlWorker): Promise<void> {
    if (await this.aggregates.load(worker.id)) return;
    await this.keys.giveBack(worker);
  }
}

/** @throws WorkerNotFound for one that the command may not touch */
function within(worker: CmlWorker, context: CommandContext): CmlWorker {
  if (covers(reachOf(context), worker.state)) return worker;
  throw WORKER_DEFINITION.missing(worker.id);
}

/** The system itself may touch everything. */
function reachOf({ reach = FLEET }: CommandContext): Reach {
  return reach;
}

function managed(loaded: { readonly aggregate: CmlWorker } | null): CmlWorker | null {
  return loaded && !loaded.aggregate.state.releasedAt ? loaded.aggregate : null;
}
