import { Logger } from '@nestjs/common';
import { type LeasedTicks, NameSweep } from '../../event-store';
import { type MachineClock } from '../../kernel/clocks';
import { type TemplateRepository } from '../domain/ports';
import { type TemplateDirectory } from './template-directory';

const logger = new Logger('Templates');

/** All ticks of the module. */
export class TemplatesSchedules extends NameSweep {
  constructor(
    repository: TemplateRepository,
    directory: TemplateDirectory,
    ticks: LeasedTicks,
    clock: MachineClock,
  ) {
    super({
      tick: 'sweep-template-names',
      ...{ ticks, clock, repository },
      livingIds: () => directory.list().map(({ id }) => id),
      warn: (name) => logger.warn({ name }, 'two worker templates have this name: rename one of them'),
    });
  }
}
