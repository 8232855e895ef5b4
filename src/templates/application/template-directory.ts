import { type AggregateDirectory } from '../../event-store';
import { byName } from '../../kernel/name-place';
import { type TemplateState, type WorkerTemplate } from '../domain/worker-template';

/** All templates, in memory, for lists. One template is read from its stream. */
export class TemplateDirectory {
  constructor(private readonly templates: AggregateDirectory<WorkerTemplate, TemplateState>) {}

  /** Takes a template as it is now, unless a newer state of it is here already. */
  put(template: WorkerTemplate): void {
    this.templates.put(template);
  }

  /** Those that are not deleted, by name. */
  list(): WorkerTemplate[] {
    return this.templates
      .all()
      .filter(({ state }) => !state.deletedAt)
      .sort(byName);
  }
}
