import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type NamePlace, pageByName } from '../../kernel/name-place';
import { type WorkerTemplate } from '../domain/worker-template';
import { TemplateDirectory } from './template-directory';

/** The first `limit` templates after a place, or from the beginning, by name. */
export class ListTemplates extends Query<WorkerTemplate[]> {
  constructor(
    readonly limit: number,
    readonly after: NamePlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListTemplates)
export class ListTemplatesHandler implements IQueryHandler<ListTemplates> {
  constructor(private readonly directory: TemplateDirectory) {}

  execute({ limit, after }: ListTemplates): Promise<WorkerTemplate[]> {
    return Promise.resolve(pageByName(this.directory.list(), after, limit));
  }
}
