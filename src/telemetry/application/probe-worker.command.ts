import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { systemContext } from '../../kernel/command-context';
import { latest } from '../../kernel/clocks';
import { IdSource } from '../../kernel/ids';
import { GetWorker } from '../../workers';
import { type CmlSource } from '../domain/cml-source';
import { newestEdit } from '../domain/lab-changes';
import { type Observation, type ValuesOf } from '../domain/observation';
import { CmlError } from '../domain/telemetry-errors';
import { CmlObserver } from './cml-observer';

const PROBED: readonly CmlSource[] = ['cml-system', 'cml-labs', 'cml-activity'];

/** What a live probe read just now; null is what it could not read, or what the server did not say. */
export interface WorkerProbe {
  readonly workerId: string;
  /** machine time at which its first request was begun */
  readonly at: Date;
  /** labs in state STARTED, of all users */
  readonly runningLabs: number | null;
  /** nodes that run, of whatever lab */
  readonly runningNodes: number | null;
  /**
   * time of the newest thing that a person did, as events and edits of labs tell, or of the reading that was the first to
   * find it; null also if there was none so far
   */
  readonly newestActivityAt: Date | null;
  /** percent of the whole host, 0–100 */
  readonly cpuPercent: number | null;
  /** why a part could not be read, and null stands for it above; null if all of it was read */
  readonly failure: string | null;
}

/**
 * Reads labs, activity and load of a running worker's CML server right now, and keeps what it read as observations. A part
 * that cannot be read takes nothing from the others: what they tell may be that somebody is there.
 * @throws CmlError where nothing could be read; WorkerNotFound, StoreUnavailable
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
    const system = readNow(observations['cml-system']);
    const labs = readNow(observations['cml-labs']);
    const activity = readNow(observations['cml-activity']);
    if (!system && !labs && !activity) {
      throw error ?? new CmlError('unreadable', 'The probe did not read anything.');
    }
    const { newestActivityAt = null, newestFoundAt = null } = activity?.values ?? {};
    const newestUse = latest(newestActivityAt, newestFoundAt);
    return {
      workerId,
      at: begunAt,
      runningLabs: labs?.values.running ?? null,
      runningNodes: system?.values.runningNodes ?? null,
      newestActivityAt: labs ? latest(newestUse, newestEdit(labs.values, labs.at)) : newestUse,
      cpuPercent: system?.values.cpuPercent ?? null,
      failure: error?.message ?? (system && labs && activity ? null : 'Not everything was read.'),
    };
  }
}

/** Null for one that the latest reading, which was asked for all of them, did not succeed in. */
function readNow<S extends CmlSource>(
  observation: Observation<S> | undefined,
): { readonly values: ValuesOf[S]; readonly at: Date } | null {
  const { values = null, observedAt = null, lastError = null } = observation ?? {};
  return values && observedAt && !lastError ? { values, at: observedAt } : null;
}
