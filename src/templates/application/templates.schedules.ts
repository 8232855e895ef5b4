import { type LeasedTick, type LeasedTicks } from '../../event-store';
import { type MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { type TemplateRepository } from '../domain/ports';

/** A command has long stored its template, or never will, when its reservation is this old (machine time). */
const UNUSED_MS = 10 * MINUTE;

/** All ticks of the module. */
export class TemplatesSchedules {
  readonly sweepNames: LeasedTick;

  constructor(templates: TemplateRepository, ticks: LeasedTicks, clock: MachineClock) {
    this.sweepNames = ticks.tick('sweep-template-names', () =>
      templates.sweepNames(plus(clock.now(), -UNUSED_MS)),
    );
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
}
