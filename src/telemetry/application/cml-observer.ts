import { Inject, Injectable } from '@nestjs/common';
import { FleetClock, MachineClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { takesAnotherCertificate, type WorkerRecord } from '../../workers';
import { type Observations, withReadings } from '../domain/observation';
import { type CmlServer, ObservationStore } from '../domain/ports';
import { serviceHealth } from '../domain/service-health';
import { lastActivityIn } from '../domain/last-activity';
import { signalsOf } from '../domain/signals-of';
import { type CmlError } from '../domain/telemetry-errors';
import { CmlReader } from './cml-reader';
import { CmlServers } from './cml-servers';
import { CmlReporter } from './cml-reporter';
import { SampleRecorder } from './sample-recorder';
import { SignalRecorder } from './signal-recorder';
import { signalRules, TELEMETRY_OPTIONS, type TelemetryOptions } from './telemetry.options';

/** A worker whose CML server can be asked. */
export interface ReachableWorker {
  readonly worker: WorkerRecord;
  readonly server: CmlServer;
}

export interface CmlOutcome {
  /** machine time at which the first request was begun */
  readonly begunAt: Date;
  readonly observations: Observations;
  /** the first failure; null if all three sources were read */
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
    private readonly observations: ObservationStore,
    private readonly samples: SampleRecorder,
    private readonly signals: SignalRecorder,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    @Inject(TELEMETRY_OPTIONS) private readonly options: TelemetryOptions,
  ) {}

  /** Null for one that does not run, has no address (yet), or when CML is not observed at all. */
  reachable(worker: WorkerRecord): ReachableWorker | null {
    const server = this.servers.toRead(worker);
    return server && { worker, server };
  }

  /** Joins an observation that is under way. */
  observe(reachable: ReachableWorker, context: CommandContext): Promise<CmlOutcome> {
    return this.underWay.get(reachable.worker.id) ?? this.begin(reachable, context);
  }

  /** Begins a new one after the one that is under way, which may have asked before what the caller wants to know. */
  async observeAfresh(reachable: ReachableWorker, context: CommandContext): Promise<CmlOutcome> {
    const { id } = reachable.worker;
    for (let earlier = this.underWay.get(id); earlier; earlier = this.underWay.get(id)) {
      await Promise.allSettled([earlier]);
    }
    return this.begin(reachable, context);
  }

  private begin(reachable: ReachableWorker, context: CommandContext): Promise<CmlOutcome> {
    const { id } = reachable.worker;
    const turn = this.turn(reachable, context).finally(() => this.underWay.delete(id));
    this.underWay.set(id, turn);
    return turn;
  }

  private async turn({ worker, server }: ReachableWorker, context: CommandContext): Promise<CmlOutcome> {
    const { id } = worker;
    const before = await this.observations.of(id);
    const begunAt = this.machine.now();
    const { system, readings, error, certificate: shown } = await this.reader.read(server, before);
    await this.observations.save(readings);
    await this.samples.record(readings);
    const observations = withReadings(before, readings);
    const signals = signalsOf(id, before, observations, signalRules(this.options));
    const signalTurned = await this.signals.record(signals);

    const now = this.clock.now();
    await this.reporter.reportCertificate(worker, shown, context);
    await this.reporter.reportService(
      worker,
      {
        ...serviceHealth({
          current: worker.serviceStatus,
          runningSince: worker.runningSince ?? worker.createdAt,
          before: before['cml-system'],
          after: system,
          certificateReplaced: shown !== null && takesAnotherCertificate(worker),
          now,
        }),
        at: now,
        httpsEndpoint: system.lastError ? null : this.endpoint(server.host),
        cmlVersion: system.lastError ? null : (system.values?.version ?? null),
      },
      context,
    );
    const lastActivity = lastActivityIn(before, observations, signals);
    await this.reporter.reportTelemetry(worker, { readings, lastActivity, signalTurned }, context);
    return { begunAt, observations, error };
  }

  private endpoint(host: string): string {
    const { cmlPort } = this.options;
    return `https://${host}${cmlPort === 443 ? '' : `:${cmlPort}`}`;
  }
}
