import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { LeasedTicks } from '../../event-store';
import { systemContext } from '../../kernel/command-context';
import { IdSource } from '../../kernel/ids';
import { type Tick } from '../../kernel/tick';
import { ReapIdleWorkers } from './reap-idle-workers.command';
import { REAPER_OPTIONS, type ReaperOptions } from './reaper.options';

/** Its name as a lease and as a cron job. */
const REAP = 'reap';

/** The reaper's ticks. The cron time comes from the options, which a `@Cron` decorator cannot read. */
@Injectable()
export class ReaperSchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private job: CronJob | null = null;
  readonly reap: Tick;

  constructor(
    private readonly commands: CommandBus,
    private readonly registry: SchedulerRegistry,
    private readonly ids: IdSource,
    ticks: LeasedTicks,
    @Inject(REAPER_OPTIONS) private readonly options: ReaperOptions,
  ) {
    this.reap = ticks.tick(REAP, () =>
      this.commands.execute(new ReapIdleWorkers(false, systemContext('reaper', this.ids.next()))),
    );
  }

  get ticks(): readonly Tick[] {
    return [this.reap];
  }

  onApplicationBootstrap(): void {
    if (!this.options.autostart) return;
    // a turn that takes longer than the cron's step is joined by the next, not overlapped
    const onTick = () => this.reap.run();
    this.job = CronJob.from({ cronTime: this.options.cron, onTick, timeZone: 'UTC' });
    const [first, second] = this.job.nextDates(2);
    if (first && second) this.reap.expectEvery(second.toMillis() - first.toMillis());
    this.registry.addCronJob(REAP, this.job);
    this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job?.stop();
    await this.reap.stop();
  }
}
