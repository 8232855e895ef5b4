import { Inject, Injectable } from '@nestjs/common';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { takesAnotherCertificate, type WorkerRecord } from '../../workers';
import { type CmlSource } from '../domain/cml-source';
import { lastActivityIn } from '../domain/last-activity';
import { type Observation, type Observations, withReadings } from '../domain/observation';
import { type CmlServer } from '../domain/ports';
import { serviceHealth } from '../domain/service-health';
import { type SignalReading } from '../domain/signal';
import { signalsOf } from '../domain/signals-of';
import { type CmlError } from '../domain/telemetry-errors';
import { CmlAgenda } from './cml-agenda';
import { CmlListeners } from './cml-listeners';
import { CmlReader, type WantedSources } from './cml-reader';
import { CmlRecords } from './cml-records';
import { CmlReporter } from './cml-reporter';
import { CmlServers } from './cml-servers';
import { signalRules, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** A worker whose CML server can be asked. */
export interface ReachableWorker {
  readonly worker: WorkerRecord;
  readonly server: CmlServer;
}

export interface CmlOutcome {
  /** machine time at which the first request was begun */
  readonly begunAt: Date;
  /** all that is known of the server after it, sources that were not read included */
  readonly observations: Observations;
  /** the first failure among the sources that were asked for; null if all of them were read */
  readonly error: CmlError | null;
}

/**
 * Observes CML servers, each one at a time: what is stored after a reading rests on what was stored before it. Readings
 * that fail are recorded; other errors are thrown.
 */
@Injectable()
export class CmlObserver {
  private readonly underWay = new Map<string, Promise<CmlOutcome>>();

  constructor(
    private readonly servers: CmlServers,
    private readonly reader: CmlReader,
    private readonly reporter: CmlReporter,
    private readonly listeners: CmlListeners,
    private readonly records: CmlRecords,
    private readonly agenda: CmlAgenda,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  /** Null for one that does not run, has no address (yet), or which there is no account for. */
  reachable(worker: WorkerRecord): ReachableWorker | null {
    const server = this.servers.toRead(worker);
    return server && { worker, server };
  }

  isUnderWay(workerId: string): boolean {
    return this.underWay.has(workerId);
  }

  /** Begins after the observation that is under way, which may have asked before what the caller wants to know. */
  async observe(
    reachable: ReachableWorker,
    wanted: WantedSources,
    context: CommandContext,
  ): Promise<CmlOutcome> {
    const { id } = reachable.worker;
    for (let earlier = this.underWay.get(id); earlier; earlier = this.underWay.get(id)) {
      await Promise.allSettled([earlier]);
    }
    const turn = this.turn(reachable, wanted, context).finally(() => this.underWay.delete(id));
    this.underWay.set(id, turn);
    return turn;
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay.values());
  }

  private async turn(
    { worker, server }: ReachableWorker,
    wanted: WantedSources,
    context: CommandContext,
  ): Promise<CmlOutcome> {
    const { id } = worker;
    const before = await this.records.of(id);
    const begunAt = this.machine.now();
    const { system, readings, error, certificate: shown } = await this.reader.read(server, wanted, before);
    await this.records.save(readings);
    const observations = withReadings(before, readings);
    this.agenda.note(id, observations);
    const signals = this.signalsOf(before, readings);
    const signalTurned = await this.records.record(signals);

    await this.reporter.reportCertificate(worker, shown, context);
    if (system) await this.reportService({ worker, server }, before['cml-system'], system, shown, context);
    const lastActivity = lastActivityIn(before, observations, signals);
    await this.reporter.reportTelemetry(worker, { readings, lastActivity, signalTurned }, context);
    const good = readings.filter(({ lastError }) => lastError === null).map(({ source }) => source);
    await this.tellListeners(worker, good, before, observations, context);
    await this.records.sample(readings);
    return { begunAt, observations, error };
  }

  /**
   * Source by source: each has an age of its own from which on its failures make a signal unknown. What was read of the
   * others together with it is known to each.
   */
  private signalsOf(before: Observations, readings: readonly Observation<CmlSource>[]): SignalReading[] {
    const after = withReadings(before, readings);
    return readings.flatMap(({ workerId, source }) =>
      signalsOf(workerId, { ...after, [source]: before[source] }, after, signalRules(this.options, source)),
    );
  }

  private async reportService(
    { worker, server }: ReachableWorker,
    before: Observation<'cml-system'> | undefined,
    after: Observation<'cml-system'>,
    shownCertificate: string | null,
    context: CommandContext,
  ): Promise<void> {
    const now = this.clock.now();
    const health = serviceHealth({
      current: worker.serviceStatus,
      runningSince: worker.runningSince ?? worker.createdAt,
      before,
      after,
      certificateReplaced: shownCertificate !== null && takesAnotherCertificate(worker),
      now,
    });
    const report = {
      ...health,
      at: now,
      httpsEndpoint: after.lastError ? null : this.endpoint(server.host),
      cmlVersion: after.lastError ? null : (after.values?.version ?? null),
    };
    await this.reporter.reportService(worker, report, context);
  }

  private async tellListeners(
    worker: WorkerRecord,
    read: readonly CmlSource[],
    before: Observations,
    after: Observations,
    context: CommandContext,
  ): Promise<void> {
    const { 'cml-labs': labs, 'cml-license': license } = after;
    const told = { worker, licensed: after['cml-system']?.values?.licensed ?? null, context };
    if (labs && read.includes('cml-labs')) {
      await this.listeners.labsRead({ ...told, before: before['cml-labs'], after: labs });
    }
    if (license && read.includes('cml-license')) {
      await this.listeners.licenseRead({ ...told, before: before['cml-license'], after: license });
    }
  }

  private endpoint(host: string): string {
    const { cmlPort } = this.options;
    return `https://${host}${cmlPort === 443 ? '' : `:${cmlPort}`}`;
  }
}
