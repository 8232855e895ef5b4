import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { FleetClock, latest, MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { StoreUnavailable } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { RecordInstances, UpdateWorkerStatus, type WorkerRecord } from '../../workers';
import { instanceMissing, instanceSeen, lastToldAt } from '../domain/ec2-observation';
import {
  failed,
  type Observation,
  type ObservationError,
  type Observations,
  withReadings,
} from '../domain/observation';
import { ObservationStore } from '../domain/ports';
import { signalsOf } from '../domain/signals-of';
import { type InstanceListing } from './ec2.ports';
import { SignalRecorder } from './signal-recorder';
import { signalRules, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** EC2 may not show an instance for this long after its launch: not knowing it means nothing yet. */
const VISIBLE_WITHIN_MS = 5 * MINUTE;

/** After this long without EC2's word on an instance nobody can tell its status. */
const UNREADABLE_AFTER_MS = 10 * MINUTE;

/** What a sweep learned: about these instances something, about those nothing since AWS refused. */
export interface Ec2Outcome extends InstanceListing {
  readonly accountId: string | null;
  /** why AWS said nothing about the instances that are neither listed nor not found; null where it said all */
  readonly error: ObservationError | null;
}

/** A worker that has an instance. */
export type LaunchedWorker = WorkerRecord & { readonly awsInstanceId: string };

export function isLaunched(worker: WorkerRecord): worker is LaunchedWorker {
  return worker.awsInstanceId !== null;
}

/** Brings what was read of EC2 to the observations, the signals and the workers. */
@Injectable()
export class Ec2Recorder {
  private readonly logger = new Logger(Ec2Recorder.name);

  constructor(
    private readonly commands: CommandBus,
    private readonly observations: ObservationStore,
    private readonly signals: SignalRecorder,
    private readonly clock: FleetClock,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  /** `workers` are those that were asked about. */
  async record(
    outcome: Ec2Outcome,
    workers: readonly LaunchedWorker[],
    context: CommandContext,
  ): Promise<void> {
    const before = await this.observations.ofMany(workers.map(({ id }) => id));
    const ec2Of = (worker: LaunchedWorker) => before.get(worker.id)?.ec2;
    const readings = workers.flatMap((worker) => readingOf(worker, ec2Of(worker), outcome));
    await this.observations.save(readings);
    await this.recordSignals(before, readings);
    const latestOf = new Map(readings.map((reading) => [reading.workerId, reading]));
    await this.tellWorkers(outcome, workers, latestOf, context);
    for (const worker of workers) {
      await this.checkReadable(worker, latestOf.get(worker.id) ?? ec2Of(worker), outcome.error, context);
    }
  }

  private async recordSignals(
    before: ReadonlyMap<string, Observations>,
    readings: readonly Observation<'ec2'>[],
  ): Promise<void> {
    const rules = signalRules(this.options);
    const signals = readings.flatMap((reading) => {
      const earlier = before.get(reading.workerId) ?? {};
      return signalsOf(reading.workerId, earlier, withReadings(earlier, [reading]), rules);
    });
    await this.signals.record(signals);
  }

  private async tellWorkers(
    { region, accountId, begunAt, instances }: Ec2Outcome,
    workers: readonly LaunchedWorker[],
    latestOf: ReadonlyMap<string, Observation<'ec2'>>,
    context: CommandContext,
  ): Promise<void> {
    const missing = workers.flatMap(({ id, awsInstanceId: instanceId }) => {
      const reading = latestOf.get(id);
      const since = reading?.lastError ? null : reading?.values?.missingSince;
      return since ? [{ instanceId, since }] : [];
    });
    if (instances.length === 0 && missing.length === 0) return;
    const reading = { region, accountId, begunAt, instances, missing };
    const own = { ...context, commandId: derivedId(context.commandId, 'instances', region) };
    await this.commands.execute(new RecordInstances(reading, own));
  }

  private async checkReadable(
    worker: LaunchedWorker,
    ec2: Observation<'ec2'> | undefined,
    error: ObservationError | null,
    context: CommandContext,
  ): Promise<void> {
    const told = lastToldAt(ec2) ?? latest(worker.createdAt, worker.launchRequest?.at ?? null);
    const unreadable = told !== null && this.clock.now() >= plus(told, UNREADABLE_AFTER_MS);
    if (!unreadable || worker.status === 'UNKNOWN') return;
    const why = error ? ` The last try: ${error.message}` : '';
    const message = `EC2 has not told the state of ${worker.awsInstanceId} since ${told.toISOString()}.${why}`;
    const reason = { code: 'ec2-unreadable', message, nextTryAt: null };
    const own = { ...context, commandId: derivedId(context.commandId, 'unreadable', worker.id) };
    try {
      await this.commands.execute(new UpdateWorkerStatus(worker.id, 'UNKNOWN', reason, own));
    } catch (err) {
      if (err instanceof StoreUnavailable) throw err;
      this.logger.error({ err, workerId: worker.id }, 'could not record that nobody can tell its status');
    }
  }
}

function readingOf(
  worker: LaunchedWorker,
  before: Observation<'ec2'> | undefined,
  { instances, notFound, begunAt, accountId, error }: Ec2Outcome,
): Observation<'ec2'>[] {
  const seen = instances.find(({ instanceId }) => instanceId === worker.awsInstanceId);
  if (seen) return [instanceSeen(before, worker.id, seen, begunAt)];
  if (notFound.includes(worker.awsInstanceId)) {
    if (isYoung(worker, begunAt)) return [];
    // another account knows nothing of our instances, and its word wipes nothing
    const foreign = accountId === null || accountId !== worker.awsAccountId;
    return foreign
      ? [failed(before, worker.id, 'ec2', notOurAccount(worker, accountId, begunAt))]
      : [instanceMissing(before, worker.id, begunAt)];
  }
  return error ? [failed(before, worker.id, 'ec2', error)] : [];
}

function notOurAccount(
  { awsAccountId }: LaunchedWorker,
  accountId: string | null,
  at: Date,
): ObservationError {
  const asked = accountId ?? 'an account that AWS does not name';
  const message = `The credentials are of ${asked}; the instance belongs to ${awsAccountId ?? 'an unknown one'}.`;
  return { code: 'other-account', message, at };
}

function isYoung({ launchRequest }: LaunchedWorker, now: Date): boolean {
  return launchRequest !== null && now < plus(launchRequest.at, VISIBLE_WITHIN_MS);
}
