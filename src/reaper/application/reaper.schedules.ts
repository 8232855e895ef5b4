import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { type LeasedTick, LeasedTicks } from '../../event-store';
import { systemContext } from '../../kernel/command-context';
import { IdSource } from '../../kernel/ids';
import { atTimesOf } from './cron-times';
import { ReapIdleWorkers } from './reap-idle-workers.command';
import { REAPER_OPTIONS, type ReaperOptions } from './reaper.options';

/** Its name as a lease and as a cron job. */
export const REAP = 'reap';

/** The reaper's ticks: at each time of its cron one turn, by one replica. */
@Injectable()
export class ReaperSchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private job: CronJob | null = null;
  readonly reap: LeasedTick;

  constructor(
    private readonly commands: CommandBus,
    private readonly registry: SchedulerRegistry,
    private readonly ids: IdSource,
    private readonly leasedTicks: LeasedTicks,
    @Inject(REAPER_OPTIONS) private readonly options: ReaperOptions,
  ) {
    this.reap = leasedTicks.tick(REAP, (turn) =>
      this.commands.execute(new ReapIdleWorkers(turn, systemContext('reaper', this.ids.next()))),
    );
  }

  get ticks(): readonly LeasedTick[] {
    return [this.reap];
  }

  onApplicationBootstrap(): void {
    if (!this.options.autostart) return;
    this.reap.follow(atTimesOf(this.options.cron));
    // the lease tells whose turn it is; the job makes it come at the second, and not when it is next looked for
    const onTick = () => this.leasedTicks.lookNow();
    this.job = CronJob.from({ cronTime: this.options.cron, onTick, timeZone: 'UTC' });
    this.registry.addCronJob(REAP, this.job);
    this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job?.stop();
    await this.reap.stop();
  }
}
