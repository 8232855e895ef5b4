import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { LabUser, type LabUserState } from '../domain/lab-user';
import { LabUsers } from '../domain/ports';
import { putAggregate } from './put-aggregate';

/** The id of a user's stream: actors are texts of others, and may hold anything. */
export function labUserId(userId: string): string {
  return derivedId('lab-user', userId);
}

export class EventSourcedLabUsers extends LabUsers {
  constructor(private readonly users: AggregateStore<LabUser, LabUserState>) {
    super();
  }

  async get(userId: string): Promise<LabUser> {
    const id = labUserId(userId);
    return (await this.users.load(id))?.aggregate ?? LabUser.unknown(id);
  }

  change(userId: string, context: CommandContext, decide: (user: LabUser) => void): Promise<LabUser> {
    return putAggregate(this.users, LabUser.unknown(labUserId(userId)), context, decide);
  }
}
