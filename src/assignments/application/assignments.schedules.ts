import { type LeasedTick, type LeasedTicks } from '../../event-store';
import { type FleetClock, SECOND } from '../../kernel/clocks';
import { type RequestBell } from './request-bell';
import { type RequestProcess } from './request-process';

/** Fleet time. */
const SERVE_EVERY_MS = 5 * SECOND;
/** Machine time: so that a fast clock does not make it a loop. */
const SHORTEST_PAUSE_MS = 200;

/** The tick of requests, which a new one rings for. */
export class AssignmentsSchedules {
  readonly serveRequests: LeasedTick;

  constructor(
    process: RequestProcess,
    ticks: LeasedTicks,
    private readonly clock: FleetClock,
    private readonly bell: RequestBell,
  ) {
    this.serveRequests = ticks.tick('serve-worker-requests', (turn) => process.serve(() => turn.stillHeld()));
  }

  get ticks(): readonly LeasedTick[] {
    return [this.serveRequests];
  }

  start(): void {
    this.serveRequests.every(Math.max(SHORTEST_PAUSE_MS, this.clock.toMachineMs(SERVE_EVERY_MS)));
    this.bell.listen(() => void this.serveRequests.run());
  }

  async stop(): Promise<void> {
    this.bell.listen(null);
    await this.serveRequests.stop();
  }
}
