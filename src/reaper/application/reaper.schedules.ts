import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CronTime } from 'cron';
import { type LeasedTick, LeasedTicks, type Schedule } from '../../event-store';
import { systemContext } from '../../kernel/command-context';
import { IdSource } from '../../kernel/ids';
import { ReapIdleWorkers } from './reap-idle-workers.command';
import { REAPER_OPTIONS, type ReaperOptions } from './reaper.options';

/** Its name as a lease. */
export const REAP = 'reap';

/** The reaper's ticks: at each time of its cron one turn, by one replica. */
@Injectable()
export class ReaperSchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly reap: LeasedTick;

  constructor(
    private readonly commands: CommandBus,
    private readonly ids: IdSource,
    ticks: LeasedTicks,
    @Inject(REAPER_OPTIONS) private readonly options: ReaperOptions,
  ) {
    this.reap = ticks.tick(REAP, (turn) =>
      this.commands.execute(new ReapIdleWorkers(turn, systemContext('reaper', this.ids.next()))),
    );
  }

  get ticks(): readonly LeasedTick[] {
    return [this.reap];
  }

  onApplicationBootstrap(): void {
    if (this.options.autostart) this.reap.follow(atTimesOf(this.options.cron));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.reap.stop();
  }
}

/**
 * The times of a cron, in UTC, by the database's clock. Those that pass during a turn, or while no process runs, are made
 * up for by one turn. Which alarms were given is remembered in the process, so the turns stay with one.
 */
function atTimesOf(cron: string): Schedule {
  const time = new CronTime(cron, 'UTC');
  const after = (begun: Date) => time.getNextDateFrom(begun, 'UTC').toJSDate();
  return { first: after, after, sticky: true };
}
