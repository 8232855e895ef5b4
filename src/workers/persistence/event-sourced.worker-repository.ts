import { aggregateIdOf, type AggregateStore, type Reservations, streamOf } from '../../event-store';
import { MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { type CmlWorker } from '../domain/cml-worker';
import { type WorkerReadModel, type WorkerRecord, WorkerRepository } from '../domain/ports';
import { AlreadyManaged } from '../domain/worker-errors';
import { type WorkerState } from '../domain/worker-state';
import { type CMLWorkerStatus } from '../domain/worker-status';
import { WORKER_DEFINITION } from './worker-definition';
import { describeKey, keysOf } from './worker-keys';

/** Workers by their streams, lists by the read model; names and instances are unique by reservations. */
export class EventSourcedWorkerRepository extends WorkerRepository {
  constructor(
    private readonly aggregates: AggregateStore<CmlWorker, WorkerState>,
    private readonly readModel: WorkerReadModel,
    private readonly reservations: Reservations,
  ) {
    super();
  }

  async getAll(): Promise<WorkerRecord[]> {
    const [active, ended] = await Promise.all([this.readModel.active(), this.getByStatus('TERMINATED')]);
    return [...active, ...ended];
  }

  getByStatus(status: CMLWorkerStatus): Promise<WorkerRecord[]> {
    return this.readModel.byStatus([status]);
  }

  getActiveWorkers(): Promise<WorkerRecord[]> {
    return this.readModel.active();
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

  async add(worker: CmlWorker, context: CommandContext): Promise<CmlWorker> {
    const before = await this.aggregates.load(worker.id);
    if (before) return before.aggregate;
    await this.take(worker, keysOf(worker.state));
    return (await this.aggregates.create(worker, context)).aggregate;
  }

  async update(id: string, context: CommandContext, change: (worker: CmlWorker) => void): Promise<CmlWorker> {
    let before: string[] = [];
    const { aggregate } = await this.aggregates.change(id, context, async (worker) => {
      if (worker.state.releasedAt) throw WORKER_DEFINITION.missing(id);
      before = keysOf(worker.state);
      change(worker);
      await this.take(worker, without(keysOf(worker.state), before));
    });
    await this.free(aggregate, without(before, keysOf(aggregate.state)));
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

  async sweepReservations(takenBefore: Date): Promise<number> {
    let freed = 0;
    for (const { key, stream } of await this.reservations.olderThan(takenBefore, 200)) {
      const id = aggregateIdOf(stream);
      const loaded = await this.aggregates.load(id);
      if (loaded && keysOf(loaded.aggregate.state).includes(key)) {
        // in use: taken anew it is among the youngest, and the next sweep gets to others
        await this.reservations.take(key, stream, loaded.aggregate.version);
        continue;
      }
      if (await this.reservations.expire(key, stream, takenBefore)) freed += 1;
    }
    return freed;
  }

  /** For the version that the worker has once its changes are stored. */
  private async take(
    { id, version, uncommitted }: Pick<CmlWorker, 'id' | 'version' | 'uncommitted'>,
    keys: readonly string[],
  ): Promise<void> {
    const stream = streamOf(WORKER_DEFINITION.streamPrefix, id);
    const stored = version + uncommitted.length;
    for (const [index, key] of keys.entries()) {
      if (await this.reservations.take(key, stream, stored)) continue;
      await this.free({ id, version: stored }, keys.slice(0, index));
      const holder = await this.reservations.holder(key);
      throw new AlreadyManaged(describeKey(key), holder && aggregateIdOf(holder));
    }
  }

  /** What was taken for a later version than this stays: a change that wants it again is under way, or stored. */
  private async free(
    { id, version }: Pick<CmlWorker, 'id' | 'version'>,
    keys: readonly string[],
  ): Promise<void> {
    const stream = streamOf(WORKER_DEFINITION.streamPrefix, id);
    for (const key of keys) await this.reservations.free(key, stream, version);
  }
}

function managed(loaded: { readonly aggregate: CmlWorker } | null): CmlWorker | null {
  return loaded && !loaded.aggregate.state.releasedAt ? loaded.aggregate : null;
}

function without(keys: readonly string[], others: readonly string[]): string[] {
  return keys.filter((key) => !others.includes(key));
}
