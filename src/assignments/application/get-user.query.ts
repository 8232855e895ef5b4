import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type LabUser } from '../domain/lab-user';
import { LabUsers } from '../domain/ports';

/** One user, from the stream; one of whom nothing is known has version 0. */
export class GetUser extends Query<LabUser> {
  constructor(readonly userId: string) {
    super();
  }
}

@QueryHandler(GetUser)
export class GetUserHandler implements IQueryHandler<GetUser> {
  constructor(private readonly users: LabUsers) {}

  execute({ userId }: GetUser): Promise<LabUser> {
    return this.users.get(userId);
  }
}
