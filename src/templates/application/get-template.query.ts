import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TemplateRepository } from '../domain/ports';
import { type WorkerTemplate } from '../domain/worker-template';

/** @throws WorkerTemplateNotFound */
export class GetTemplate extends Query<WorkerTemplate> {
  constructor(readonly templateId: string) {
    super();
  }
}

@QueryHandler(GetTemplate)
export class GetTemplateHandler implements IQueryHandler<GetTemplate> {
  constructor(private readonly templates: TemplateRepository) {}

  execute({ templateId }: GetTemplate): Promise<WorkerTemplate> {
    return this.templates.get(templateId);
  }
}
