import { type ReportError } from '../../event-store';
import { type MachineClock, SECOND } from '../../kernel/clocks';
import { Tick } from '../../kernel/tick';
import { type OperationRunner } from './operation-runner';

/** How long an operation waits at most for a process with room, where its own acceptance did not wake one. */
const LOOK_EVERY_MS = 2 * SECOND;

/** The tick of operations, in every process: operations are claimed one by one, so that it needs no lease. */
export class OperationsSchedules {
  readonly carryOut: Tick;

  constructor(
    private readonly runner: OperationRunner,
    clock: MachineClock,
    report: ReportError,
  ) {
    this.carryOut = new Tick(
      'operations',
      () => runner.run(),
      clock,
      (name, error) => report(error, `run the tick ${name}`),
    );
  }

  get ticks(): readonly Tick[] {
    return [this.carryOut];
  }

  /** Operations that this process carries out at this moment. */
  get running(): number {
    return this.runner.running;
  }

  start(): void {
    this.runner.start();
    this.carryOut.every(LOOK_EVERY_MS);
  }

  /** Waits a bounded time for what is under way. */
  async stop(): Promise<void> {
    await this.carryOut.stop();
    await this.runner.stop();
  }
}
