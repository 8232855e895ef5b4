import { DomainError, StoreUnavailable } from '../../kernel/domain-error';
import { type LabShutdown, type TopologyKeeper } from '../../labs';
import {
  type Operation,
  type OperationHandler,
  OperationPostponed,
  type OperationRun,
  type OperationSuccess,
  WAITING_AT_ONCE,
} from '../../operations';
import {
  awaitsPreparation,
  GetWorker,
  isDown,
  type LicenseEnd,
  RecordTerminationPrepared,
  releaseBy,
  WorkerNotFound,
  type WorkerRecord,
} from '../../workers';
import { LicenseFailed } from '../domain/license-errors';
import { type WorkerLicense } from '../domain/worker-license';
import { LicenseBooks } from './license-books';
import { workerOf } from './license-operation';
import { LicenseRelease } from './license-release';
import { pauseAfter } from './license-turn';
import { contextOf, contextOfTry, type LicenseServices } from './license-work';
import { sentenceOf } from './release-license.handler';
import { type RescuedTopologies, rescueTopologies } from './rescued-topologies';

/** A termination that is being prepared. */
interface Preparation {
  readonly run: OperationRun;
  readonly worker: WorkerRecord;
  readonly intentAt: Date;
  /** until when the instance stays for it */
  readonly until: Date;
  /** aborted with the run, or when the time is over */
  readonly signal: AbortSignal;
}

/**
 * Keeps what is on a worker that is to be terminated, and gives its licence back; then its instance may go. What fails is
 * tried again as long as the instance stays for it. What could not be given back by then is told when the worker is gone.
 */
export class PrepareTerminationHandler implements OperationHandler {
  readonly kind = 'prepare-termination';
  readonly atOnce = WAITING_AT_ONCE;
  readonly role = 'admin';
  private readonly books: LicenseBooks;

  constructor(
    private readonly services: LicenseServices,
    private readonly labs: LabShutdown,
    private readonly topologies: TopologyKeeper,
  ) {
    this.books = new LicenseBooks(services);
  }

  async run(run: OperationRun): Promise<OperationSuccess> {
    const worker = await this.services.queries.execute(new GetWorker(workerOf(run)));
    const intentAt = intentOf(run.operation);
    const isWanted = worker.desired.state === 'TERMINATED' && +worker.desired.at === +intentAt;
    if (!isWanted || isDown(worker.status)) return NOTHING_LEFT;
    const until = releaseBy(worker.desired);
    const deadline = new AbortController();
    const { timers, clock } = this.services;
    const leftMs = clock.toMachineMs(Math.max(0, until.getTime() - clock.now().getTime()));
    const cancel = timers.after(leftMs, () => deadline.abort(timeIsOver('it took too long')));
    const signal = AbortSignal.any([run.signal, deadline.signal]);
    const preparation = { run, worker, intentAt, until, signal };
    try {
      return await this.prepare(preparation);
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof StoreUnavailable) throw error;
      return await this.againOrGiveUp(preparation, error);
    } finally {
      cancel();
    }
  }

  /** Nothing more will come of it: the instance need not wait until its time is over. */
  async onBrokenOff(operation: Operation): Promise<void> {
    const { clock, commands } = this.services;
    const intentAt = intentOf(operation);
    const topologiesKept = topologiesIn(operation);
    const prepared = { intentAt, preparedAt: clock.now(), license: 'not-released' as const, topologiesKept };
    const context = contextOf({ operation }, 'prepared');
    await commands.execute(new RecordTerminationPrepared(workerOf({ operation }), prepared, context));
  }

  private async prepare(preparation: Preparation): Promise<OperationSuccess> {
    const { worker, run, signal } = preparation;
    const { holding } = (await this.services.licenses.of(worker.id)).state;
    if (!awaitsPreparation(worker, this.services.clock.now()) && holding === 'none') return NOTHING_LEFT;
    const kept = await this.keepTopologies(preparation);
    await this.askForRelease(run, worker.id);
    const license = await new LicenseRelease(this.services, this.labs, run, worker.id, signal).toEnd();
    await this.books.settleSeat(license, contextOfTry(run, this.services.ids));
    await this.books.tellWorker(worker.id, 'UNREGISTERED', 'none', contextOf(run, 'status'));
    const outcome = license.endOf(run.operation.id) ?? 'not-registered';
    await this.recordPrepared(preparation, outcome, kept.topologiesKept);
    const message = `${kept.message} ${sentenceOf(outcome, license.state.leftOver?.reason)}`;
    return { message, result: { license: outcome, ...kept.result } };
  }

  private async keepTopologies({ run, worker, until, signal }: Preparation): Promise<RescuedTopologies> {
    if (worker.serviceStatus !== 'AVAILABLE') {
      const result = { topologiesKept: null, failed: [], unread: [] };
      return { message: 'CML does not answer: no topology was kept.', topologiesKept: null, result };
    }
    await run.report({ progress: 0.1, message: 'keeps the topologies of its labs' });
    return rescueTopologies(this.services, this.topologies, run, worker, { until, signal });
  }

  /** Whatever was asked for its licence before gives way. */
  private async askForRelease(run: OperationRun, workerId: string): Promise<void> {
    const { licenses, clock, vault } = this.services;
    const { id: operationId, actor: requestedBy } = run.operation;
    const { wanted } = (await licenses.of(workerId)).state;
    await licenses.update(workerId, contextOf(run, 'asked'), (license: WorkerLicense) =>
      license.requestRelease(true, { operationId, requestedBy, requestedAt: clock.now() }),
    );
    if (wanted?.tokenRef != null) await vault.remove(wanted.tokenRef);
  }

  private async againOrGiveUp(preparation: Preparation, error: DomainError): Promise<OperationSuccess> {
    const { run, worker, until } = preparation;
    const { clock } = this.services;
    const now = clock.now();
    const isGone = error instanceof WorkerNotFound || hasCode(error, 'license-worker-gone');
    if (isGone) return NOTHING_LEFT;
    if (now < until) {
      const message = `tries again until ${until.toISOString()}: ${error.message}`;
      await run.report({ progress: 0.1, message });
      throw new OperationPostponed(
        clock.toMachineMs(pauseAfter(run.operation.createdAt, until, now)),
        error.message,
      );
    }
    await this.recordPrepared(preparation, 'not-released', topologiesIn(run.operation));
    throw timeIsOver(`the last try failed, of ${worker.name}: ${error.message}`);
  }

  private async recordPrepared(
    { run, worker, intentAt }: Preparation,
    license: LicenseEnd,
    topologiesKept: number | null,
  ): Promise<void> {
    const prepared = { intentAt, preparedAt: this.services.clock.now(), license, topologiesKept };
    await this.services.commands.execute(
      new RecordTerminationPrepared(worker.id, prepared, contextOf(run, 'prepared')),
    );
  }
}

const NOTHING_LEFT: OperationSuccess = {
  message: 'There was nothing (left) to keep or to give back before its termination.',
  result: null,
};

function timeIsOver(why: string): LicenseFailed {
  return new LicenseFailed(
    'termination-not-prepared',
    `The instance is terminated without all that should come before: ${why}. A licence that it has stays in use at ` +
      `Cisco until a person removes it there.`,
  );
}

function hasCode(error: DomainError, code: LicenseFailed['code']): boolean {
  return error instanceof LicenseFailed && error.code === code;
}

function intentOf({ input }: Operation): Date {
  return new Date(input['intentAt'] as string);
}

/** What an earlier run of the operation kept. */
function topologiesIn({ result }: Operation): number | null {
  const kept = result?.['topologiesKept'];
  return typeof kept === 'number' ? kept : null;
}
