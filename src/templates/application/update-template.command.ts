import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { TemplateRepository } from '../domain/ports';
import { type TemplateDetails } from '../domain/template-details';
import { type WorkerTemplate } from '../domain/worker-template';
import { mustBeAt } from './expected-version';

/** Changes what is given; workers that were created by the template stay as they are. */
export class UpdateTemplate extends Command<WorkerTemplate> {
  constructor(
    readonly templateId: string,
    readonly changes: Partial<TemplateDetails>,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(UpdateTemplate)
export class UpdateTemplateHandler implements ICommandHandler<UpdateTemplate> {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly clock: FleetClock,
  ) {}

  /** @throws WorkerTemplateNotFound, TemplateNameTaken, PreconditionFailed, InvalidInput */
  execute({ templateId, changes, context, expectedVersion }: UpdateTemplate): Promise<WorkerTemplate> {
    return this.templates.update(templateId, context, (template) => {
      mustBeAt(template, expectedVersion);
      template.update(changes, this.clock.now());
    });
  }
}
