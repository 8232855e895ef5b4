import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetActiveWorkers, GetWorker, WorkerNotFound, type WorkerRecord } from '../../workers';
import { type LivingWorker } from '../domain/leftover';

/** The workers that something can belong to. */
@Injectable()
export class LivingWorkers {
  constructor(private readonly queries: QueryBus) {}

  /** As the list has them, which follows the truth by a moment. */
  async listed(): Promise<{ readonly records: WorkerRecord[]; readonly living: LivingWorker[] }> {
    const records = await this.queries.execute(new GetActiveWorkers());
    return { records, living: records.map(asLiving) };
  }

  /** The same, with this one worker by its own history. */
  async withTruthOf(workerId: string | null): Promise<LivingWorker[]> {
    const { living } = await this.listed();
    const truth = workerId === null ? null : await this.find(workerId);
    const others = living.filter(({ id }) => id !== workerId);
    return truth && truth.status !== 'TERMINATED' ? [asLiving(truth), ...others] : others;
  }

  /** Null for one that never was, or was released. */
  async find(workerId: string): Promise<WorkerRecord | null> {
    try {
      return await this.queries.execute(new GetWorker(workerId));
    } catch (error) {
      if (error instanceof WorkerNotFound) return null;
      throw error;
    }
  }
}

function asLiving({ id, awsRegion, awsInstanceId, launchRequest }: WorkerRecord): LivingWorker {
  return { id, awsRegion, awsInstanceId, launchToken: launchRequest?.clientToken ?? null };
}
