import { Inject, Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { FleetClock, MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { StoreUnavailable } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { type CmlWorker } from '../domain/cml-worker';
import { observeInstance } from '../domain/instance-observation';
import { type InstanceReading } from '../domain/instance-reading';
import { WORKER_TAG } from '../domain/owner-tags';
import { type WorkerRecord, WorkerRepository } from '../domain/ports';
import { WORKERS_OPTIONS, type WorkersOptions } from './workers.options';

/** What one sweep read of a region. */
export interface RegionReading {
  readonly region: string;
  /** the account whose credentials were used: only its own word makes an instance be gone; null if nobody knows */
  readonly accountId: string | null;
  /** fleet time at which the first call was begun */
  readonly begunAt: Date;
  readonly instances: readonly InstanceReading[];
  /** instances that EC2 said it does not know, with the time since when it says so */
  readonly missing: readonly { readonly instanceId: string; readonly since: Date }[];
}

/** Workers that are told side by side, where a whole region changed. */
const AT_ONCE = 8;

/** How long EC2 must go on saying that it does not know an instance before it is believed. */
export const LOST_AFTER_MS = 5 * MINUTE;

/**
 * Brings what a sweep read to the workers of the region; instances with the tag of a worker that has none are adopted.
 * @throws StoreUnavailable; what goes wrong with one worker alone is logged, and keeps no other from its reading
 */
export class RecordInstances extends Command<void> {
  constructor(
    readonly reading: RegionReading,
    readonly context: CommandContext,
    /**
     * The workers that the reading may be about, where the caller has their records; null: the region's are looked up.
     * A record tells only whether a stream must be loaded, so one that is a moment old costs a load, or waits for the
     * next sweep.
     */
    readonly workers: readonly WorkerRecord[] | null = null,
  ) {
    super();
  }
}

@CommandHandler(RecordInstances)
export class RecordInstancesHandler implements ICommandHandler<RecordInstances> {
  private readonly logger = new Logger(RecordInstancesHandler.name);

  constructor(
    private readonly workers: WorkerRepository,
    private readonly clock: FleetClock,
    @Inject(WORKERS_OPTIONS) private readonly options: Pick<WorkersOptions, 'driftPolicy'>,
  ) {}

  async execute({ reading, context, workers }: RecordInstances): Promise<void> {
    const active = workers ?? (await this.workers.getActiveWorkers({ in: reading.region }));
    const byInstance = new Map(active.map((worker) => [worker.awsInstanceId, worker]));
    const byId = new Map(active.map((worker) => [worker.id, worker]));
    const ofWorker = new Map<WorkerRecord, (() => Promise<void>)[]>();
    const note = (worker: WorkerRecord | null | undefined, step: (worker: WorkerRecord) => Promise<void>) => {
      if (worker) ofWorker.set(worker, [...(ofWorker.get(worker) ?? []), () => step(worker)]);
    };
    for (const instance of reading.instances) {
      const worker = byInstance.get(instance.instanceId) ?? this.adopter(byId, instance, reading);
      note(worker, (one) => this.observe(one, instance, reading, context));
    }
    for (const { instanceId, since } of reading.missing) {
      note(byInstance.get(instanceId), (one) => this.observeMissing(one, since, reading, context));
    }
    const limit = pLimit(AT_ONCE);
    // of two instances with a worker's tag the first one is its: one worker's readings follow each other
    const inTurn = async (steps: readonly (() => Promise<void>)[]) => {
      for (const step of steps) await step();
    };
    await Promise.all([...ofWorker.values()].map((steps) => limit(() => inTurn(steps))));
  }

  /** A worker without an instance, of whose tag this one is; not by a reading that is older than its latest launch. */
  private adopter(
    byId: ReadonlyMap<string, WorkerRecord>,
    instance: InstanceReading,
    { begunAt }: RegionReading,
  ): WorkerRecord | null {
    const worker = byId.get(instance.tags[WORKER_TAG] ?? '');
    if (!worker || worker.awsInstanceId !== null) return null;
    const gone = instance.status === 'TERMINATED' || instance.status === 'SHUTTING_DOWN';
    const launchedAt = worker.launchRequest?.at ?? worker.statusReason?.at ?? worker.createdAt;
    return gone || begunAt < launchedAt ? null : worker;
  }

  private async observe(
    record: WorkerRecord,
    instance: InstanceReading,
    { begunAt }: RegionReading,
    context: CommandContext,
  ): Promise<void> {
    const now = this.clock.now();
    const swept = { ...instance, begunAt };
    const adopt = record.awsInstanceId === null;
    // most readings say what is known already: the record tells so without loading the stream
    const { driftPolicy } = this.options;
    if (!adopt && observeInstance(record, swept, now, driftPolicy).length === 0) return;
    await this.update(record, context, (worker) => {
      if (adopt)
        worker.assignInstance(
          { ...instance, awsInstanceId: instance.instanceId, awsAccountId: instance.accountId },
          now,
        );
      if (worker.state.awsInstanceId === instance.instanceId) worker.observe(swept, now, driftPolicy);
    });
  }

  private async observeMissing(
    record: WorkerRecord,
    since: Date,
    { accountId, begunAt }: RegionReading,
    context: CommandContext,
  ): Promise<void> {
    const ownAccount = accountId !== null && record.awsAccountId === accountId;
    if (!ownAccount || begunAt < plus(since, LOST_AFTER_MS)) return;
    const now = this.clock.now();
    await this.update(record, context, (worker) => {
      const { desired, awsInstanceId } = worker.state;
      // it may have been given up, and launched anew
      if (awsInstanceId !== record.awsInstanceId) return;
      if (desired.state === 'TERMINATED') {
        worker.terminate(desired.by, now);
      } else {
        // it may have been UNKNOWN before, for want of any reading
        worker.updateStatus('UNKNOWN', now);
        const message = `EC2 does not know the instance ${awsInstanceId} any more. If it is gone, terminate the worker.`;
        worker.explain({ code: 'lost', message, at: now, nextTryAt: null }, now);
      }
    });
  }

  private async update(
    record: WorkerRecord,
    context: CommandContext,
    change: (worker: CmlWorker) => void,
  ): Promise<void> {
    const own = { ...context, commandId: derivedId(context.commandId, record.id) };
    try {
      await this.workers.update(record.id, own, change);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.logger.error({ err: error, workerId: record.id }, 'could not record what EC2 says of the worker');
    }
  }
}
