import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type Operation } from '../domain/operation';
import { OperationNotFound } from '../domain/operation-errors';
import { OperationStore } from '../domain/ports';

/** One operation with its result. @throws OperationNotFound */
export class GetOperation extends Query<Operation> {
  constructor(readonly operationId: string) {
    super();
  }
}

@QueryHandler(GetOperation)
export class GetOperationHandler implements IQueryHandler<GetOperation> {
  constructor(private readonly store: OperationStore) {}

  async execute({ operationId }: GetOperation): Promise<Operation> {
    const operation = await this.store.find(operationId);
    if (!operation) throw new OperationNotFound(operationId);
    return operation;
  }
}
