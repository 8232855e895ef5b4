import { DomainError } from '../../kernel/domain-error';

export class WorkerTemplateNotFound extends DomainError {
  readonly code = 'worker-template-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no worker template ${id}. GET /api/v1/worker-templates lists them.`);
  }
}

export class TemplateNameTaken extends DomainError {
  readonly code = 'already-exists';
  readonly kind = 'conflict';

  constructor(name: string, templateId: string | null) {
    super(`The name "${name}" belongs to another worker template already.`, templateId ? { templateId } : {});
  }
}
