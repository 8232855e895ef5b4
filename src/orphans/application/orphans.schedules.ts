import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { type LeasedTick, type LeasedTickGroup, LeasedTicks } from '../../event-store';
import { FleetClock, SECOND } from '../../kernel/clocks';
import { InstancesBeingEnded } from './instances-being-ended';
import { OrphanSweep } from './orphan-sweep';
import { ORPHANS_OPTIONS, type OrphansOptions } from './orphans.options';

/** The tick of the module, one for each region. */
@Injectable()
export class OrphansSchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly look: LeasedTickGroup;

  constructor(
    sweep: OrphanSweep,
    beingEnded: InstancesBeingEnded,
    ticks: LeasedTicks,
    private readonly clock: FleetClock,
    @Inject(ORPHANS_OPTIONS) private readonly options: OrphansOptions,
  ) {
    this.look = ticks.group('orphans', options.regions, async (region, turn) => {
      await beingEnded.expire();
      await sweep.sweep(region, turn);
    });
  }

  /** None where nobody looks for orphans. */
  get ticks(): readonly LeasedTick[] {
    return this.options.orphansSeconds > 0 ? this.look.ticks : [];
  }

  onApplicationBootstrap(): void {
    const { autostart, orphansSeconds } = this.options;
    if (autostart && orphansSeconds > 0) this.look.every(this.clock.toMachineMs(orphansSeconds * SECOND));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.look.stop();
  }
}
