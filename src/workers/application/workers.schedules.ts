import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type LeasedTick, type LeasedTickGroup, LeasedTicks } from '../../event-store';
import { FleetClock, MachineClock, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { WorkerRepository } from '../domain/ports';
import { ReconcileFleet } from './reconcile-fleet.command';
import { WORKERS_OPTIONS, type WorkersOptions } from './workers.options';

/** A command has long stored its worker, or never will, when its reservation is this old (machine time). */
const RESERVATION_UNUSED_MS = 10 * MINUTE;

/** Place of the reconcile tick for workers whose region is not configured any more. */
const ELSEWHERE = 'elsewhere';

/** All ticks of the module. */
@Injectable()
export class WorkersSchedules implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly reconcile: LeasedTickGroup;
  readonly sweepReservations: LeasedTick;

  constructor(
    private readonly commands: CommandBus,
    private readonly workers: WorkerRepository,
    ticks: LeasedTicks,
    private readonly clock: FleetClock,
    private readonly machine: MachineClock,
    @Inject(WORKERS_OPTIONS) private readonly options: WorkersOptions,
  ) {
    this.reconcile = ticks.group('reconcile', [...options.regions, ELSEWHERE], (place, turn) =>
      this.commands.execute(new ReconcileFleet(place === ELSEWHERE ? null : place, turn)),
    );
    this.sweepReservations = ticks.tick('sweep-reservations', () => this.sweep());
  }

  get ticks(): readonly LeasedTick[] {
    return [...this.reconcile.ticks, this.sweepReservations];
  }

  onApplicationBootstrap(): void {
    if (!this.options.autostart) return;
    this.reconcile.every(this.clock.toMachineMs(this.options.reconcileSeconds * SECOND));
    this.sweepReservations.every(RESERVATION_UNUSED_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.ticks.map((tick) => tick.stop()));
  }

  private async sweep(): Promise<void> {
    await this.workers.sweepReservations(plus(this.machine.now(), -RESERVATION_UNUSED_MS));
  }
}
