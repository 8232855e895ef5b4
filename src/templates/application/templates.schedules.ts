import { Logger } from '@nestjs/common';
import { type LeasedTick, type LeasedTicks } from '../../event-store';
import { type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { type TemplateRepository } from '../domain/ports';
import { type TemplateDirectory } from './template-directory';

/** A command has long stored its template, or never will, when its reservation is this old (machine time). */
const UNUSED_MS = 10 * MINUTE;

/** All ticks of the module. */
export class TemplatesSchedules {
  readonly sweepNames: LeasedTick;
  private readonly logger = new Logger('Templates');

  constructor(
    private readonly templates: TemplateRepository,
    private readonly directory: TemplateDirectory,
    ticks: LeasedTicks,
    private readonly clock: MachineClock,
  ) {
    this.sweepNames = ticks.tick('sweep-template-names', () => this.sweep());
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
    await this.templates.sweepNames(plus(this.clock.now(), -UNUSED_MS));
    const contested = await this.templates.keepNames(this.directory.list().map(({ id }) => id));
    for (const name of contested) {
      this.logger.warn({ name }, 'two worker templates have this name: rename one of them');
    }
  }
}
