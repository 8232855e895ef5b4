import { eventOf } from '../../kernel/domain-event';
import { type TemplateDetails } from './template-details';

/**
 * Everything that can happen to a worker template. Its user data stays inside: it is no place for secrets, but people
 * put them there.
 */

const HIDDEN = { hidden: ['userData'] };

export class WorkerTemplateCreated extends eventOf('worker-template.created', 1, HIDDEN)<
  TemplateDetails & { readonly createdAt: Date; readonly createdBy: string }
> {}

export class WorkerTemplateUpdated extends eventOf('worker-template.updated', 1, HIDDEN)<
  TemplateDetails & { readonly updatedAt: Date }
> {}

export class WorkerTemplateDeleted extends eventOf('worker-template.deleted')<{ readonly at: Date }> {}

export type TemplateEvent = WorkerTemplateCreated | WorkerTemplateUpdated | WorkerTemplateDeleted;

export const TEMPLATE_EVENTS = [WorkerTemplateCreated, WorkerTemplateUpdated, WorkerTemplateDeleted] as const;
