import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Lease } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { GetActiveWorkers } from '../../workers';
import { type Observations } from '../domain/observation';
import { ObservationStore } from '../domain/ports';
import { Ec2Reader } from './ec2-reader';
import { Ec2Recorder, isLaunched, type LaunchedWorker } from './ec2-recorder';
import { RegionJournal } from './region-journal';

/** Observes EC2: a whole region, or one worker's instance. What AWS refuses is recorded; other errors are thrown. */
@Injectable()
export class Ec2Sweep {
  constructor(
    private readonly reader: Ec2Reader,
    private readonly recorder: Ec2Recorder,
    private readonly journal: RegionJournal,
    private readonly observations: ObservationStore,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /**
   * All instances of the region that are tagged as ours, and those of its workers. The sweep's id is that of the
   * command, and so the correlation id of what the workers make of it. How it went is stored under the lease's fence.
   */
  async sweepRegion(region: string, lease: Lease, context: CommandContext): Promise<void> {
    const listed = await this.reader.list(region);
    const { listing, accountId, begunAt } = listed;
    const active = await this.queries.execute(new GetActiveWorkers(region));
    const workers = active.filter(isLaunched);
    const before = await this.observations.ofMany(
      workers.map(({ id }) => id),
      ['ec2'],
    );
    const ids = oldestFirst(workers, before).map(({ awsInstanceId }) => awsInstanceId);
    const read = await this.reader.complement(region, listed, ids);
    const sweepId = context.commandId;
    const outcome = { region, begunAt, sweepId, accountId, ...read };
    await this.journal.note(outcome, listing.complete, ids, lease);
    await this.recorder.record(outcome, active, before, context);
  }

  /** The instance of one worker, by id. */
  async readWorker(worker: LaunchedWorker, context: CommandContext): Promise<void> {
    const region = worker.awsRegion;
    const begunAt = this.clock.now();
    const [read, accountId, before] = await Promise.all([
      this.reader.ask(region, [worker.awsInstanceId]),
      this.reader.accountOf(region),
      this.observations.ofMany([worker.id], ['ec2']),
    ]);
    const outcome = { region, begunAt, sweepId: null, accountId, ...read };
    await this.recorder.record(outcome, [worker], before, context);
  }
}

/** Those first of which EC2 told nothing for longest: where not all can be asked for, they are. */
function oldestFirst(
  workers: readonly LaunchedWorker[],
  before: ReadonlyMap<string, Observations>,
): LaunchedWorker[] {
  const lastHeard = ({ id }: LaunchedWorker) => {
    const { observedAt = null, lastError = null } = before.get(id)?.ec2 ?? {};
    return Math.max(observedAt?.getTime() ?? 0, lastError?.at.getTime() ?? 0);
  };
  return workers.toSorted((one, other) => lastHeard(one) - lastHeard(other));
}
