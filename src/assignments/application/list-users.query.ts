import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type LabUser } from '../domain/lab-user';
import { LabUserDirectory } from './lab-user-directory';

/** The first `limit` users after one, or from the beginning, by the texts of their actors. */
export class ListUsers extends Query<LabUser[]> {
  constructor(
    readonly limit: number,
    readonly after: string | null,
  ) {
    super();
  }
}

@QueryHandler(ListUsers)
export class ListUsersHandler implements IQueryHandler<ListUsers> {
  constructor(private readonly directory: LabUserDirectory) {}

  execute({ limit, after }: ListUsers): Promise<LabUser[]> {
    const users = this.directory.list().filter(({ state }) => after === null || (state.userId ?? '') > after);
    return Promise.resolve(users.slice(0, limit));
  }
}
