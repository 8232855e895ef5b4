import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { plus } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import {
  ACTIVITY_STEP_MS,
  type CMLServiceStatus,
  reasonAfter,
  RecordCertificate,
  type ServiceFinding,
  UpdateServiceStatus,
  UpdateTelemetry,
  type WorkerRecord,
} from '../../workers';
import { supportOf } from '../domain/cml-versions';
import { type LastActivity } from '../domain/last-activity';
import { type Observation, withReadings } from '../domain/observation';

export interface ServiceReport {
  readonly status: CMLServiceStatus;
  /** null: nothing is wanting, or what is known goes on to hold */
  readonly finding: ServiceFinding | null;
  /** fleet time */
  readonly at: Date;
  /** null: not known, what is known stays */
  readonly httpsEndpoint: string | null;
  readonly cmlVersion: string | null;
}

export interface TelemetryReport {
  /** the readings just made, failed ones included */
  readonly readings: readonly Observation[];
  readonly lastActivity: LastActivity | null;
  readonly signalTurned: boolean;
}

/**
 * Tells a worker what was read of its CML server, but only what differs from its record: each command loads a stream,
 * and most readings of most workers say nothing new.
 */
@Injectable()
export class CmlReporter {
  private readonly logger = new Logger(CmlReporter.name);

  constructor(private readonly commands: CommandBus) {}

  async reportCertificate(
    { id, certificate: { pinned, presented } }: WorkerRecord,
    shown: string | null,
    context: CommandContext,
  ): Promise<void> {
    if (shown === null || shown === presented || (shown === pinned && presented === null)) return;
    await this.commands.execute(new RecordCertificate(id, shown, own(context, 'certificate', id)));
  }

  async reportService(worker: WorkerRecord, report: ServiceReport, context: CommandContext): Promise<void> {
    const { id } = worker;
    const { status, finding, at, httpsEndpoint, cmlVersion } = report;
    const same =
      status === worker.serviceStatus &&
      reasonAfter(worker, status, finding, at) === worker.serviceReason &&
      (httpsEndpoint === null || httpsEndpoint === worker.httpsEndpoint) &&
      (cmlVersion === null || cmlVersion === worker.cmlVersion);
    if (same) return;
    if (cmlVersion !== null && cmlVersion !== worker.cmlVersion) this.warnOf(cmlVersion, id);
    await this.commands.execute(
      new UpdateServiceStatus(id, status, httpsEndpoint, cmlVersion, finding, own(context, 'service', id)),
    );
  }

  /** Once for each version that a server turns out to have; what is refused is an error of the service besides. */
  private warnOf(cmlVersion: string, workerId: string): void {
    const { level, message } = supportOf(cmlVersion) ?? { level: 'supported', message: null };
    if (level !== 'supported')
      this.logger.warn({ workerId, cmlVersion, level, detail: message }, 'CML version');
  }

  async reportTelemetry(
    worker: WorkerRecord,
    { readings, lastActivity, signalTurned }: TelemetryReport,
    context: CommandContext,
  ): Promise<void> {
    const good = withReadings(
      {},
      readings.filter(({ lastError }) => lastError === null),
    );
    const activeLabsCount = good['cml-labs']?.values?.running ?? null;
    const newCount = activeLabsCount !== null && activeLabsCount !== worker.activeLabsCount;
    const known = worker.lastActivityAt;
    const newActivity = lastActivity !== null && (!known || lastActivity.at >= plus(known, ACTIVITY_STEP_MS));
    if (!newCount && !newActivity && !signalTurned) return;
    const system = good['cml-system']?.values ?? null;
    const reading = {
      lastActivityAt: lastActivity?.at ?? null,
      lastActivitySource: lastActivity?.source ?? null,
      lastActivityKind: lastActivity?.kind ?? null,
      activeLabsCount,
      cpuUtilization: system?.cpuPercent ?? null,
      memoryUtilization: system?.memoryPercent ?? null,
      signalTurned,
    };
    await this.commands.execute(
      new UpdateTelemetry(worker.id, reading, own(context, 'telemetry', worker.id)),
    );
  }
}

/** A command of its own: an observation sends several to the same stream. */
function own(context: CommandContext, part: string, workerId: string): CommandContext {
  return { ...context, commandId: derivedId(context.commandId, part, workerId) };
}
