import { type AggregateDirectory } from '../../event-store';
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
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  }
}

/** Where a template stands in the list. */
export interface TemplatePlace {
  readonly name: string;
  readonly id: string;
}

export function placeOf({ id, state }: WorkerTemplate): TemplatePlace {
  return { name: state.name.toLowerCase(), id };
}

export function comparePlaces(a: TemplatePlace, b: TemplatePlace): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
