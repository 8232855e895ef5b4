import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { LeasedTicks, LogFollower } from '../../event-store';
import { FleetClock, MachineClock, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { Tick } from '../../kernel/tick';
import { WorkerRepository } from '../domain/ports';
import { ReconcileFleet } from './reconcile-fleet.command';
import { WORKERS_OPTIONS, type WorkersOptions } from './workers.options';

/** A command has long stored its worker, or never will, when its reservation is this old (machine time). */
const RESERVATION_UNUSED_MS = 10 * MINUTE;

const FOLLOW_EVERY_MS = SECOND;

/** All ticks of the module. */
@Injectable()
export class WorkersSchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WorkersSchedules.name);
  readonly reconcile: Tick;
  readonly sweepReservations: Tick;
  readonly followLog: Tick;

  constructor(
    private readonly commands: CommandBus,
    private readonly workers: WorkerRepository,
    private readonly follower: LogFollower,
    ticks: LeasedTicks,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    @Inject(WORKERS_OPTIONS) private readonly options: WorkersOptions,
  ) {
    this.reconcile = ticks.tick('reconcile', () => this.commands.execute(new ReconcileFleet()));
    this.sweepReservations = ticks.tick('sweep-reservations', () => this.sweep());
    // each process follows for itself: its lists must show what others wrote
    this.followLog = new Tick(
      'follow-log',
      () => this.follow(),
      this.machine,
      (tick, err) => {
        this.logger.error({ err, tick }, 'a tick failed; the next one comes all the same');
      },
    );
  }

  get ticks(): readonly Tick[] {
    return [this.reconcile, this.sweepReservations, this.followLog];
  }

  /** Serves only when the lists have caught up with what a crash left undone. */
  async onApplicationBootstrap(): Promise<void> {
    await this.follower.readAll();
    if (!this.options.autostart) return;
    this.followLog.every(FOLLOW_EVERY_MS);
    this.reconcile.every(this.clock.toMachineMs(this.options.reconcileSeconds * SECOND));
    this.sweepReservations.every(RESERVATION_UNUSED_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.ticks.map((tick) => tick.stop()));
  }

  private async sweep(): Promise<void> {
    await this.workers.sweepReservations(plus(this.machine.now(), -RESERVATION_UNUSED_MS));
  }

  private async follow(): Promise<void> {
    await this.follower.catchUp();
  }
}
