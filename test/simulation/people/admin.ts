import { type ReaperControls } from '../../../src/reaper/domain/control/ports';
import { type SimTime } from '../world/sim-time';

/** Who switches all automatic stops off, and on again. */
export class Admin {
  private asked = 0;

  constructor(
    private readonly time: SimTime,
    private readonly controls: ReaperControls,
  ) {}

  async pause(): Promise<void> {
    const now = this.time.fleet.now();
    await this.controls.change(this.context(), (control) => control.pause('user:eve', 'an exam', null, now));
  }

  /** Ends a pause, and closes a breaker that is open. */
  async resume(): Promise<void> {
    const now = this.time.fleet.now();
    await this.controls.change(this.context(), (control) => control.resume('user:eve', 'it is over', now));
  }

  private context() {
    this.asked += 1;
    const commandId = `admin-${this.asked}`;
    return { actor: 'user:eve', reason: null, correlationId: commandId, causationId: null, commandId };
  }
}
