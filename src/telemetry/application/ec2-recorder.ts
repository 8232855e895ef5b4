import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import pLimit from 'p-limit';
import { FleetClock, latest, MINUTE, plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { StoreUnavailable } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { type InstanceReading, RecordInstances, UpdateWorkerStatus, type WorkerRecord } from '../../workers';
import { instanceMissing, instanceSeen, lastToldAt } from '../domain/ec2-observation';
import {
  failed,
  type Observation,
  type ObservationError,
  type Observations,
  withReadings,
} from '../domain/observation';
import { type Confirmation, ObservationStore } from '../domain/ports';
import { signalsOf } from '../domain/signals-of';
import { type Ec2Outcome } from './ec2-reader';
import { SignalRecorder } from './signal-recorder';
import { signalRules, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** EC2 may not show an instance for this long after its launch: not knowing it means nothing yet. */
const VISIBLE_WITHIN_MS = 5 * MINUTE;

/** After this long without EC2's word on an instance nobody can tell its status. */
const UNREADABLE_AFTER_MS = 10 * MINUTE;

/** Workers that are told side by side that nobody can tell their status: a whole region's, at worst. */
const AT_ONCE = 8;

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

  /** `active` are the workers of the region, or the one that was asked about; `before` is what was known of them. */
  async record(
    outcome: Ec2Outcome,
    active: readonly WorkerRecord[],
    before: ReadonlyMap<string, Observations>,
    context: CommandContext,
  ): Promise<void> {
    const ec2Of = (worker: LaunchedWorker) => before.get(worker.id)?.ec2;
    const launched = active.filter(isLaunched);
    const seen = new Map(outcome.instances.map((instance) => [instance.instanceId, instance]));
    const readings = launched.flatMap((worker) => {
      const instance = seen.get(worker.awsInstanceId);
      return observationOf(worker, ec2Of(worker), instance, outcome) ?? [];
    });
    await this.keep(before, readings);
    await this.recordSignals(before, readings);
    const latestOf = new Map(readings.map((reading) => [reading.workerId, reading]));
    await this.tellWorkers(outcome, active, launched, latestOf, context);
    const latest = (worker: LaunchedWorker) => latestOf.get(worker.id) ?? ec2Of(worker);
    const unreadable = launched.filter((worker) => this.isUnreadable(worker, latest(worker)));
    const limit = pLimit(AT_ONCE);
    await Promise.all(
      unreadable.map((worker) =>
        limit(() => this.tellUnreadable(worker, latest(worker), outcome.error, context)),
      ),
    );
  }

  /** Most readings say what is known already. */
  private async keep(
    before: ReadonlyMap<string, Observations>,
    readings: readonly Observation<'ec2'>[],
  ): Promise<void> {
    const [again, news]: [Confirmation[], Observation[]] = [[], []];
    for (const after of readings) {
      const known = before.get(after.workerId)?.ec2;
      if (known && !after.lastError && isDeepStrictEqual(known.values, after.values)) {
        again.push({ before: known, after });
      } else {
        news.push(after);
      }
    }
    await this.observations.save(news);
    await this.observations.confirm(again);
  }

  private async recordSignals(
    before: ReadonlyMap<string, Observations>,
    readings: readonly Observation<'ec2'>[],
  ): Promise<void> {
    const rules = signalRules(this.options, 'ec2');
    const signals = readings.flatMap((reading) => {
      const earlier = before.get(reading.workerId) ?? {};
      return signalsOf(reading.workerId, earlier, withReadings(earlier, [reading]), rules);
    });
    await this.signals.record(signals);
  }

  private async tellWorkers(
    { region, accountId, begunAt, instances }: Ec2Outcome,
    active: readonly WorkerRecord[],
    launched: readonly LaunchedWorker[],
    latestOf: ReadonlyMap<string, Observation<'ec2'>>,
    context: CommandContext,
  ): Promise<void> {
    const missing = launched.flatMap(({ id, awsInstanceId: instanceId }) => {
      const reading = latestOf.get(id);
      const since = reading?.lastError ? null : reading?.values?.missingSince;
      return since ? [{ instanceId, since }] : [];
    });
    if (instances.length === 0 && missing.length === 0) return;
    const reading = { region, accountId, begunAt, instances, missing };
    const own = { ...context, commandId: derivedId(context.commandId, 'instances', region) };
    await this.commands.execute(new RecordInstances(reading, own, active));
  }

  private isUnreadable(worker: LaunchedWorker, ec2: Observation<'ec2'> | undefined): boolean {
    const told = toldAt(worker, ec2);
    const old = told !== null && this.clock.now() >= plus(told, UNREADABLE_AFTER_MS);
    return old && worker.status !== 'UNKNOWN';
  }

  private async tellUnreadable(
    worker: LaunchedWorker,
    ec2: Observation<'ec2'> | undefined,
    error: ObservationError | null,
    context: CommandContext,
  ): Promise<void> {
    const since = toldAt(worker, ec2)?.toISOString();
    const why = error ? ` The last try: ${error.message}` : '';
    const message = `EC2 has not told the state of ${worker.awsInstanceId} since ${since}.${why}`;
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

/** Until when EC2 told the state of the instance, its launch included; null if nobody ever did. */
function toldAt(worker: LaunchedWorker, ec2: Observation<'ec2'> | undefined): Date | null {
  // what EC2 told before the launch was about another instance, which died
  return latest(lastToldAt(ec2) ?? worker.createdAt, worker.launchRequest?.at ?? null);
}

/** Null where nothing was learned of the worker's instance. */
function observationOf(
  worker: LaunchedWorker,
  before: Observation<'ec2'> | undefined,
  seen: InstanceReading | undefined,
  { notFound, unread, begunAt, sweepId, accountId, error }: Ec2Outcome,
): Observation<'ec2'> | null {
  if (seen) return instanceSeen(before, worker.id, seen, begunAt, sweepId);
  if (notFound.has(worker.awsInstanceId)) {
    if (isYoung(worker, begunAt)) return null;
    // another account knows nothing of our instances, and its word wipes nothing
    const foreign = accountId === null || accountId !== worker.awsAccountId;
    return foreign
      ? failed(before, worker.id, 'ec2', notOurAccount(worker, accountId, begunAt))
      : instanceMissing(before, worker.id, begunAt, sweepId);
  }
  return error && unread.has(worker.awsInstanceId) ? failed(before, worker.id, 'ec2', error) : null;
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
