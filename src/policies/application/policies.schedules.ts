import { Logger } from '@nestjs/common';
import { type LeasedTicks, NameSweep } from '../../event-store';
import { type MachineClock } from '../../kernel/clocks';
import { type PolicyRepository } from '../domain/ports';
import { type PolicyDirectory } from './policy-directory';

const logger = new Logger('Policies');

/** All ticks of the module. */
export class PoliciesSchedules extends NameSweep {
  constructor(
    repository: PolicyRepository,
    directory: PolicyDirectory,
    ticks: LeasedTicks,
    clock: MachineClock,
  ) {
    super({
      tick: 'sweep-policy-names',
      ...{ ticks, clock, repository },
      livingIds: () => directory.named().map(({ id }) => id),
      warn: (name) => logger.warn({ name }, 'two idle policies have this name: rename one of them'),
    });
  }
}
