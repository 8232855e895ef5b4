import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type WorkerTemplate } from '../domain/worker-template';
import { comparePlaces, placeOf, TemplateDirectory, type TemplatePlace } from './template-directory';

/** The first `limit` templates after a place, or from the beginning, by name. */
export class ListTemplates extends Query<WorkerTemplate[]> {
  constructor(
    readonly limit: number,
    readonly after: TemplatePlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListTemplates)
export class ListTemplatesHandler implements IQueryHandler<ListTemplates> {
  constructor(private readonly directory: TemplateDirectory) {}

  execute({ limit, after }: ListTemplates): Promise<WorkerTemplate[]> {
    const rest = this.directory.list().filter((it) => !after || comparePlaces(placeOf(it), after) > 0);
    return Promise.resolve(rest.slice(0, limit));
  }
}
