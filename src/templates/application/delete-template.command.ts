import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { TemplateRepository } from '../domain/ports';
import { mustBeAt } from './expected-version';

/** No worker is created by it any more, and its name is free; a no-op on a deleted template. */
export class DeleteTemplate extends Command<void> {
  constructor(
    readonly templateId: string,
    readonly context: CommandContext,
    readonly expectedVersion: number | null = null,
  ) {
    super();
  }
}

@CommandHandler(DeleteTemplate)
export class DeleteTemplateHandler implements ICommandHandler<DeleteTemplate> {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly clock: FleetClock,
  ) {}

  /** @throws WorkerTemplateNotFound, PreconditionFailed */
  async execute({ templateId, context, expectedVersion }: DeleteTemplate): Promise<void> {
    await this.templates.update(templateId, context, (template) => {
      mustBeAt(template, expectedVersion);
      template.delete(this.clock.now());
    });
  }
}
