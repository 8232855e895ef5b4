import { Logger } from '@nestjs/common';
import { type LogFollower } from '../../event-store';
import { type MachineClock, SECOND } from '../../kernel/clocks';
import { Tick } from '../../kernel/tick';

const FOLLOW_EVERY_MS = SECOND;

/** Keeps the directory of keys up to date with what other processes do. */
export class AccessSchedules {
  private readonly logger = new Logger('Access');
  readonly followLog: Tick;

  constructor(
    private readonly follower: LogFollower,
    clock: MachineClock,
  ) {
    const report = (name: string, err: unknown) => this.logger.error({ err }, `tick ${name} failed`);
    this.followLog = new Tick(
      'follow-api-keys',
      async () => void (await this.follower.catchUp()),
      clock,
      report,
    );
  }

  get ticks(): readonly Tick[] {
    return [this.followLog];
  }

  /**
   * Reads all keys there are, those too that a crash left out of the log. Nothing may be decided before.
   * @throws StoreUnavailable
   */
  readAll(): Promise<void> {
    return this.follower.readAll();
  }

  start(): void {
    this.followLog.every(FOLLOW_EVERY_MS);
  }

  stop(): Promise<void> {
    return this.followLog.stop();
  }
}
