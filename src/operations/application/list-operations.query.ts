import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type OperationSummary } from '../domain/operation';
import { type OperationPage, OperationStore } from '../domain/ports';

/** Operations that are under way, or ended within 30 days; newest first. */
export class ListOperations extends Query<OperationSummary[]> {
  constructor(readonly page: OperationPage) {
    super();
  }
}

@QueryHandler(ListOperations)
export class ListOperationsHandler implements IQueryHandler<ListOperations> {
  constructor(private readonly store: OperationStore) {}

  execute({ page }: ListOperations): Promise<OperationSummary[]> {
    return this.store.page(page);
  }
}
