import { Injectable, Logger } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type Lease } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { ComputeError, GetActiveWorkers, type InstanceReading } from '../../workers';
import { type ObservationError } from '../domain/observation';
import { RegionSweepStore } from '../domain/ports';
import { type Ec2Outcome, Ec2Recorder, isLaunched, type LaunchedWorker } from './ec2-recorder';
import { InstanceSource } from './ec2.ports';

interface Answer {
  readonly found: readonly InstanceReading[];
  readonly notFound: readonly string[];
  readonly error: ObservationError | null;
}

const NOTHING: Answer = { found: [], notFound: [], error: null };

/** Reads EC2: a whole region, or one worker's instance. What AWS refuses is recorded; other errors are thrown. */
@Injectable()
export class Ec2Sweep {
  private readonly logger = new Logger('Regions');

  constructor(
    private readonly source: InstanceSource,
    private readonly recorder: Ec2Recorder,
    private readonly regions: RegionSweepStore,
    private readonly queries: QueryBus,
    private readonly clock: FleetClock,
  ) {}

  /**
   * All instances of the region that are tagged as ours. A worker's instance that the list lacks may have lost its tag,
   * or may be missing from this page of EC2's read side, so it is asked for by id before anything follows from that.
   * How it went is stored under the lease's fence.
   */
  async sweepRegion(region: string, lease: Lease, context: CommandContext): Promise<void> {
    const begunAt = this.clock.now();
    const [listed, accountId] = await Promise.all([
      this.answer(async () => ({ found: await this.source.listManaged(region), notFound: [] })),
      this.accountOf(region),
    ]);
    const workers = await this.workersOf(region);
    const known = new Set(listed.found.map(({ instanceId }) => instanceId));
    const absent = workers.map((worker) => worker.awsInstanceId).filter((id) => !known.has(id));
    const asked = listed.error ? NOTHING : await this.askFor(region, absent);
    const error = listed.error ?? asked.error;
    const instances = [...listed.found, ...asked.found];
    const outcome = { region, begunAt, accountId, instances, notFound: asked.notFound, error };
    await this.remember(outcome, lease);
    await this.recorder.record(outcome, workers, context);
  }

  /** The instance of one worker, by id. */
  async readWorker(worker: LaunchedWorker, context: CommandContext): Promise<void> {
    const region = worker.awsRegion;
    const begunAt = this.clock.now();
    const [{ found, notFound, error }, accountId] = await Promise.all([
      this.askFor(region, [worker.awsInstanceId]),
      this.accountOf(region),
    ]);
    const outcome = { region, begunAt, accountId, instances: found, notFound, error };
    await this.recorder.record(outcome, [worker], context);
  }

  private async workersOf(region: string): Promise<LaunchedWorker[]> {
    return (await this.queries.execute(new GetActiveWorkers(region))).filter(isLaunched);
  }

  private askFor(region: string, ids: readonly string[]): Promise<Answer> {
    return ids.length > 0 ? this.answer(() => this.source.listByIds(region, ids)) : Promise.resolve(NOTHING);
  }

  private async answer(call: () => Promise<Omit<Answer, 'error'>>): Promise<Answer> {
    try {
      return { ...(await call()), error: null };
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      return { ...NOTHING, error: { code: error.awsCode, message: error.message, at: this.clock.now() } };
    }
  }

  /** Without the account nobody is believed to be gone, which is all that it is needed for. */
  private async accountOf(region: string): Promise<string | null> {
    try {
      return await this.source.accountId(region);
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      return null;
    }
  }

  private async remember(
    { region, begunAt, accountId, error }: Ec2Outcome,
    { owner, fence }: Lease,
  ): Promise<void> {
    const before = (await this.regions.all()).get(region);
    this.tell(region, before?.lastError ?? null, error);
    await this.regions.save({
      region,
      sweptAt: error ? (before?.sweptAt ?? null) : begunAt,
      lastError: error,
      accountId: accountId ?? before?.accountId ?? null,
      owner,
      fence,
    });
  }

  /** A line when a region stops answering, fails otherwise than before, or answers again. */
  private tell(region: string, before: ObservationError | null, now: ObservationError | null): void {
    if (before?.code === now?.code) return;
    if (now) this.logger.warn({ region, code: now.code, detail: now.message }, 'a region cannot be read');
    else this.logger.log({ region }, 'a region can be read again');
  }
}
