import { Logger } from '@nestjs/common';
import { type LeasedTick, type LeasedTicks } from '../../event-store';
import { type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { type IdSource } from '../../kernel/ids';
import { type LicensePoolRepository } from '../domain/license-pool-ports';
import { type LicensePoolDirectory } from './license-pool-directory';
import { type SeatSettlement } from './seat-settlement';

/** A command has long stored its pool or seat, or never will, when its reservation is this old (machine time). */
const UNUSED_MS = 10 * MINUTE;

export interface LicensePoolsSchedulesParts {
  readonly pools: LicensePoolRepository;
  readonly directory: LicensePoolDirectory;
  readonly settlement: SeatSettlement;
  readonly ticks: LeasedTicks;
  readonly clock: MachineClock;
  readonly ids: IdSource;
}

/** The tick of the pools: for what events and crashes left behind. */
export class LicensePoolsSchedules {
  readonly checkSeats: LeasedTick;
  private readonly logger = new Logger('LicensePools');

  constructor(private readonly parts: LicensePoolsSchedulesParts) {
    this.checkSeats = parts.ticks.tick('check-license-seats', () => this.check());
  }

  get ticks(): readonly LeasedTick[] {
    return [this.checkSeats];
  }

  start(): void {
    this.checkSeats.every(UNUSED_MS);
  }

  async stop(): Promise<void> {
    await this.checkSeats.stop();
  }

  private async check(): Promise<void> {
    const { pools, directory, clock } = this.parts;
    await pools.sweepReserved(plus(clock.now(), -UNUSED_MS));
    const contested = await pools.keepReserved(directory.list().map(({ id }) => id));
    for (const what of contested) {
      this.logger.warn({ what }, 'two licence pools have this: rename one, or give the licence back');
    }
    await this.settle();
  }

  /** A seat that was taken when its worker was gone already: no event comes after that. */
  private async settle(): Promise<void> {
    const { directory, settlement, ids } = this.parts;
    for (const { state } of directory.list()) {
      for (const { workerId, state: seat } of state.seats) {
        if (seat === 'taken') await settlement.settle(workerId, systemContext('license-pools', ids.next()));
      }
    }
  }
}
