import { Logger } from '@nestjs/common';
import { type LeasedTick, type LeasedTicks } from '../event-store';
import { HOUR } from '../kernel/clocks';
import { type SecretSweep } from './secret-sweep';

/** All ticks of the module. */
export class SecretsSchedules {
  readonly sweepSecrets: LeasedTick;
  private readonly logger = new Logger('Secrets');

  constructor(
    private readonly sweep: SecretSweep,
    ticks: LeasedTicks,
  ) {
    this.sweepSecrets = ticks.tick('sweep-secrets', () => this.run());
  }

  get ticks(): readonly LeasedTick[] {
    return [this.sweepSecrets];
  }

  start(): void {
    this.sweepSecrets.every(HOUR);
  }

  async stop(): Promise<void> {
    await this.sweepSecrets.stop();
  }

  private async run(): Promise<void> {
    const count = await this.sweep.run();
    if (count > 0) this.logger.log({ count }, 'removed secrets that nobody refers to');
  }
}
