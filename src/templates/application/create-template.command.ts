import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { TemplateRepository } from '../domain/ports';
import { type TemplateDetails } from '../domain/template-details';
import { WorkerTemplate } from '../domain/worker-template';

/** @throws InvalidInput when the values do not fit together, TemplateNameTaken */
export class CreateTemplate extends Command<WorkerTemplate> {
  constructor(
    readonly details: TemplateDetails,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateTemplate)
export class CreateTemplateHandler implements ICommandHandler<CreateTemplate> {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly clock: FleetClock,
  ) {}

  async execute({ details, context }: CreateTemplate): Promise<WorkerTemplate> {
    const createdAt = this.clock.now();
    // derived, so that a repeated command finds the template that its first try made
    const id = derivedId('worker-template', context.commandId);
    const template = WorkerTemplate.create(id, { ...details, createdAt, createdBy: context.actor });
    return this.templates.add(template, context);
  }
}
