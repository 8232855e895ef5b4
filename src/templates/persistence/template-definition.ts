import { type AggregateDefinition } from '../../event-store';
import { WorkerTemplateNotFound } from '../domain/template-errors';
import { type TemplateEvent } from '../domain/template-events';
import { type TemplateState, WorkerTemplate } from '../domain/worker-template';

/** How a template is brought back from its stream `template-<id>`. */
export const TEMPLATE_DEFINITION: AggregateDefinition<WorkerTemplate, TemplateState> = {
  streamPrefix: 'template',
  snapshotSchema: 1,
  restore: (id, events, from) =>
    WorkerTemplate.restore(id, events as readonly TemplateEvent[], from ?? undefined),
  revive: (stored) => stored as unknown as TemplateState,
  missing: (id) => new WorkerTemplateNotFound(id),
};
