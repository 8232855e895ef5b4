import { Logger } from '@nestjs/common';
import { type LeasedTick, type LeasedTicks } from '../../event-store';
import { type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { type PolicyRepository } from '../domain/ports';
import { type PolicyDirectory } from './policy-directory';

/** A command has long stored its policy, or never will, when its reservation is this old (machine time). */
const UNUSED_MS = 10 * MINUTE;

/** All ticks of the module. */
export class PoliciesSchedules {
  readonly sweepNames: LeasedTick;
  private readonly logger = new Logger('Policies');

  constructor(
    private readonly policies: PolicyRepository,
    private readonly directory: PolicyDirectory,
    ticks: LeasedTicks,
    private readonly clock: MachineClock,
  ) {
    this.sweepNames = ticks.tick('sweep-policy-names', () => this.sweep());
  }

  get ticks(): readonly LeasedTick[] {
    return [this.sweepNames];
  }

  start(): void {
    this.sweepNames.every(UNUSED_MS);
  }

  async stop(): Promise<void> {
    await this.sweepNames.stop();
  }

  private async sweep(): Promise<void> {
    await this.policies.sweepNames(plus(this.clock.now(), -UNUSED_MS));
    const contested = await this.policies.keepNames(this.directory.named().map(({ id }) => id));
    for (const name of contested) {
      this.logger.warn({ name }, 'two idle policies have this name: rename one of them');
    }
  }
}
