import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type FleetClock, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { DomainError, StoreUnavailable } from '../../kernel/domain-error';
import { derivedId } from '../../kernel/ids';
import { type Timers } from '../../kernel/timers';
import {
  CancelOperation,
  type Operation,
  type OperationHandler,
  OperationPostponed,
  type OperationRun,
  type OperationSuccess,
  WAITING_AT_ONCE,
} from '../../operations';
import { CmlError } from '../../telemetry';
import { isDown, REACH_SERVER_WITHIN_MS, RecordStopPrepared, type WorkerRecord } from '../../workers';
import { StopNotPrepared } from '../domain/lab-errors';
import { type LabShutdown } from './lab-shutdown';
import { IntentOvertaken, IntentWatch } from './intent-watch';
import { type TopologyKeeper } from './topology-keeper';
import { workerOf } from './worker-of';

export const PREPARE_STOP = 'prepare-stop';

/** Fleet milliseconds of a forced stop after which no further topology is read: the labs need the rest. */
const KEEP_WITHIN_MS = 3 * MINUTE;
/** How often topologies are asked for that the server could not show at once. */
const KEEP_TRIES = 3;
/** Fleet milliseconds between two tries to reach the server. */
const TRY_EVERY_MS = 15 * SECOND;
/** The share of the progress that is over when the first lab is stopped, and that of stopping them. */
const STOPPING_FROM = 0.2;
const STOPPING = 0.7;

export interface PrepareStopServices {
  readonly commands: Pick<CommandBus, 'execute'>;
  readonly queries: Pick<QueryBus, 'execute'>;
  readonly clock: FleetClock;
  readonly timers: Timers;
}

/** What was done so far; null is unknown. */
type Done = { readonly labsStopped: number | null; readonly topologiesKept: number | null };

/** A forced stop that is being prepared. */
interface Preparation {
  readonly run: OperationRun;
  readonly worker: WorkerRecord;
  readonly watch: IntentWatch;
  /** by earlier runs of the operation, and by this one */
  done: Done;
}

/**
 * Keeps the topologies of a worker that is stopped by force, and stops its labs in order; then its instance may stop. A
 * person who wants it otherwise meanwhile calls it off; labs that were stopped by then stay so.
 */
export class PrepareStopHandler implements OperationHandler {
  readonly kind = PREPARE_STOP;
  readonly atOnce = WAITING_AT_ONCE;
  readonly role = 'operator';

  constructor(
    private readonly services: PrepareStopServices,
    private readonly shutdown: LabShutdown,
    private readonly topologies: TopologyKeeper,
  ) {}

  async run(run: OperationRun): Promise<OperationSuccess> {
    const { operation, signal } = run;
    const watch = new IntentWatch(this.services, workerOf(run), intentOf(operation), signal);
    try {
      const worker = await watch.begin();
      const isPrepared = +(worker?.stopPrepared?.intentAt ?? 0) === +intentOf(operation);
      if (worker === null || isDown(worker.status) || isPrepared) return NOTHING_LEFT;
      return await this.prepareOrGiveUp({ run, worker, watch, done: doneIn(operation) });
    } catch (error) {
      if (error instanceof IntentOvertaken) return await this.callOff(run, error.by);
      throw error;
    } finally {
      watch.end();
    }
  }

  /** Nothing more will come of it: the instance need not wait until its time is over. */
  async onBrokenOff(operation: Operation): Promise<void> {
    await this.recordPrepared(operation, doneIn(operation));
  }

  private async prepareOrGiveUp(preparation: Preparation): Promise<OperationSuccess> {
    try {
      return await this.prepare(preparation);
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof StoreUnavailable) throw error;
      await this.againIfSilent(preparation, error);
      const { run, worker, done } = preparation;
      await this.recordPrepared(run.operation, done);
      throw error instanceof StopNotPrepared ? error : new StopNotPrepared(worker.name, error.message);
    }
  }

  private async prepare(preparation: Preparation): Promise<OperationSuccess> {
    const { run, worker, watch } = preparation;
    watch.signal.throwIfAborted();
    await this.keepTopologies(preparation);
    const { topologiesKept, labsStopped } = preparation.done;
    const before = labsStopped ?? 0;
    const note = async (progress: number, message: string, stopped: number) => {
      preparation.done = { topologiesKept, labsStopped: before + stopped };
      await run.report({ progress, message, result: preparation.done });
    };
    await note(STOPPING_FROM, 'stops its labs in order', 0);
    const stopped = await this.shutdown.stopAll(worker, {
      signal: watch.signal,
      onProgress: async (done, of) => {
        await watch.look();
        await note(STOPPING_FROM + STOPPING * (done / of), `${done} of ${of} labs stopped.`, done);
      },
    });
    await watch.look();
    const result = { topologiesKept, labsStopped: before + stopped };
    await this.recordPrepared(run.operation, result);
    const kept = `topologies kept: ${topologiesKept ?? 'unknown'}`;
    return { message: `Labs stopped: ${result.labsStopped}; ${kept}. The instance stops now.`, result };
  }

  /** Where CML refuses to show them its labs are stopped all the same: they are still on its disk. */
  private async keepTopologies(preparation: Preparation): Promise<void> {
    const { run, worker, watch, done } = preparation;
    if (done.labsStopped !== null) return;
    const { at, by, reason } = worker.desired;
    await run.report({ progress: 0, message: 'keeps the topologies of its labs' });
    const order = { by, reason, until: plus(at, KEEP_WITHIN_MS) };
    let [kept, only] = [0, null as readonly string[] | null];
    try {
      for (let tries = 0; tries < KEEP_TRIES && only?.length !== 0; tries += 1) {
        const found = await this.topologies.keepAll(worker, watch.signal, { ...order, only });
        kept += found.kept;
        only = found.later.map(({ labId }) => labId);
      }
      preparation.done = { topologiesKept: kept, labsStopped: 0 };
    } catch (error) {
      if (!(error instanceof CmlError) || error.kind === 'unavailable') throw error;
    }
  }

  /** @throws OperationPostponed for a server that nothing was had of yet, as long as it may still be reached */
  private async againIfSilent({ run, worker, done }: Preparation, error: DomainError): Promise<void> {
    const { clock } = this.services;
    const isSilent = error instanceof CmlError && error.kind === 'unavailable' && done.labsStopped === null;
    const until = plus(worker.desired.at, REACH_SERVER_WITHIN_MS);
    const leftMs = until.getTime() - clock.now().getTime();
    if (!isSilent || leftMs <= 0) return;
    await run.report({ progress: 0, message: `tries again until ${until.toISOString()}: ${error.message}` });
    throw new OperationPostponed(clock.toMachineMs(Math.min(TRY_EVERY_MS, leftMs)), error.message);
  }

  /** The operation ends as one that was cancelled by whoever wants it otherwise. */
  private async callOff(run: OperationRun, by: string): Promise<OperationSuccess> {
    const context = { ...contextOf(run.operation, 'call-off'), actor: by };
    await this.services.commands.execute(new CancelOperation(run.operation.id, context));
    await run.report({ progress: 0, message: 'called off' });
    return NOTHING_LEFT;
  }

  private async recordPrepared(operation: Operation, done: Done): Promise<void> {
    const { clock, commands } = this.services;
    const prepared = { intentAt: intentOf(operation), preparedAt: clock.now(), ...done };
    const context = contextOf(operation, 'prepared');
    await commands.execute(new RecordStopPrepared(workerOf({ operation }), prepared, context));
  }
}

const NOTHING_LEFT: OperationSuccess = {
  message: 'There was nothing (left) to stop or to keep before its stop.',
  result: null,
};

function intentOf({ input }: Operation): Date {
  return new Date(input['intentAt'] as string);
}

/** What earlier runs of the operation did, as they noted it. */
function doneIn({ result }: Operation): Done {
  const { labsStopped = null, topologiesKept = null } = (result ?? {}) as Partial<Done>;
  return { labsStopped, topologiesKept };
}

/** Context of something that the operation does, on behalf of whoever asked for it: once for the same words. */
function contextOf({ id, actor, correlationId }: Operation, ...words: string[]): CommandContext {
  return { actor, reason: null, correlationId, causationId: id, commandId: derivedId(id, ...words) };
}
