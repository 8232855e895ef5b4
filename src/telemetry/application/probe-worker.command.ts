import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { systemContext } from '../../kernel/command-context';
import { latest } from '../../kernel/clocks';
import { IdSource } from '../../kernel/ids';
import { GetWorker } from '../../workers';
import { type CmlSource } from '../domain/cml-source';
import { newestEdit } from '../domain/lab-changes';
import { CmlError } from '../domain/telemetry-errors';
import { CmlObserver } from './cml-observer';

const PROBED: readonly CmlSource[] = ['cml-system', 'cml-labs', 'cml-activity'];

/** What a live probe read just now. */
export interface WorkerProbe {
  readonly workerId: string;
  /** machine time at which its first request was begun */
  readonly at: Date;
  /** labs in state STARTED, of all users */
  readonly runningLabs: number;
  /** nodes that run, of whatever lab; null if the server did not say */
  readonly runningNodes: number | null;
  /**
   * time of the newest thing that a person did, as events and edits of labs tell, or of the reading that was the first to
   * find it; null if there was none so far
   */
  readonly newestActivityAt: Date | null;
  /** percent of the whole host, 0–100; null if the server did not say */
  readonly cpuPercent: number | null;
}

/**
 * Reads labs, activity and load of a running worker's CML server right now, and keeps what it read as observations.
 * All three must be read: a part of the picture is no ground to act on.
 * @throws CmlError, WorkerNotFound
 */
export class ProbeWorker extends Command<WorkerProbe> {
  constructor(readonly workerId: string) {
    super();
  }
}

@CommandHandler(ProbeWorker)
export class ProbeWorkerHandler implements ICommandHandler<ProbeWorker> {
  constructor(
    private readonly observer: CmlObserver,
    private readonly queries: QueryBus,
    private readonly ids: IdSource,
  ) {}

  async execute({ workerId }: ProbeWorker): Promise<WorkerProbe> {
    const reachable = this.observer.reachable(await this.queries.execute(new GetWorker(workerId)));
    if (!reachable)
      throw new CmlError('unreachable', 'The worker does not run, or its address is not known.');
    const context = systemContext('telemetry', this.ids.next(), { reason: 'a live probe' });
    const wanted = { sources: PROBED };
    const { begunAt, observations, error } = await this.observer.observe(reachable, wanted, context);
    if (error) throw error;
    const system = observations['cml-system']?.values;
    const { values: labs, observedAt: labsReadAt } = observations['cml-labs'] ?? {};
    const activity = observations['cml-activity']?.values;
    if (!system || !labs || !labsReadAt || !activity)
      throw new CmlError('unreadable', 'The probe did not read everything.');
    const newestUse = latest(activity.newestActivityAt, activity.newestFoundAt ?? null);
    return {
      workerId,
      at: begunAt,
      runningLabs: labs.running,
      runningNodes: system.runningNodes,
      newestActivityAt: latest(newestUse, newestEdit(labs, labsReadAt)),
      cpuPercent: system.cpuPercent,
    };
  }
}
