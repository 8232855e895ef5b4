import { type QueryBus } from '@nestjs/cqrs';
import { type FleetClock, SECOND } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type Timers } from '../../kernel/timers';
import { GetWorker, isDown, stopBy, WorkerNotFound, type WorkerRecord } from '../../workers';
import { StopNotPrepared } from '../domain/lab-errors';

/** Machine milliseconds between two looks whether the stop is still wanted. */
export const LOOK_EVERY_MS = 5 * SECOND;

/** Somebody wants the worker otherwise than by the stop that is prepared. */
export class IntentOvertaken extends Error {
  constructor(readonly by: string) {
    super(`${by} wants it otherwise now`);
  }
}

export interface IntentWatchServices {
  readonly queries: Pick<QueryBus, 'execute'>;
  readonly clock: FleetClock;
  readonly timers: Timers;
}

/** Whether the forced stop that is being prepared is still wanted, and has time left. */
export class IntentWatch {
  private readonly abortion = new AbortController();
  private callOffs: (() => void)[] = [];

  constructor(
    private readonly services: IntentWatchServices,
    private readonly workerId: string,
    private readonly intentAt: Date,
    private readonly broken: AbortSignal,
  ) {}

  /** Aborted when the operation is broken off, its time is over, or somebody wants it otherwise; the reason says which. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.broken, this.abortion.signal]);
  }

  /** Reads the worker, and watches it from here on. Null for one that was released. @throws IntentOvertaken */
  async begin(): Promise<WorkerRecord | null> {
    const worker = await this.wanted();
    if (worker === null) return null;
    const { clock, timers } = this.services;
    const leftMs = stopBy(worker).getTime() - clock.now().getTime();
    const over = () => this.abortion.abort(new StopNotPrepared(worker.name, 'it took too long'));
    if (leftMs <= 0) over();
    else this.callOffs.push(timers.after(clock.toMachineMs(leftMs), over));
    this.callOffs.push(timers.every(LOOK_EVERY_MS, () => void this.lookAgain()));
    return worker;
  }

  /** @throws IntentOvertaken; StopNotPrepared when the instance went down meanwhile */
  async look(): Promise<void> {
    const worker = await this.wanted();
    if (worker === null || isDown(worker.status))
      throw new StopNotPrepared(worker?.name ?? 'the worker', 'its instance is gone or goes down already');
  }

  end(): void {
    for (const callOff of this.callOffs) callOff();
    this.callOffs = [];
  }

  private async wanted(): Promise<WorkerRecord | null> {
    try {
      const worker = await this.services.queries.execute(new GetWorker(this.workerId));
      const { state, at, by } = worker.desired;
      if (state !== 'STOPPED' || +at !== +this.intentAt) throw new IntentOvertaken(by);
      return worker;
    } catch (error) {
      if (error instanceof WorkerNotFound) return null;
      throw error;
    }
  }

  /** Never rejects. A store that is away is asked again at the next look. */
  private async lookAgain(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) this.abortion.abort(error);
    }
  }
}
