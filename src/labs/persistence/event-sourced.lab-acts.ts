import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { LabActs, type LabActsState } from '../domain/lab-acts';
import { LabActsRepository } from '../domain/ports';

export class EventSourcedLabActs extends LabActsRepository {
  constructor(private readonly store: AggregateStore<LabActs, LabActsState>) {
    super();
  }

  async find(workerId: string): Promise<LabActs | null> {
    return (await this.store.load(workerId))?.aggregate ?? null;
  }

  async record(workerId: string, context: CommandContext, decide: (acts: LabActs) => void): Promise<void> {
    if (!(await this.store.load(workerId))) {
      const fresh = LabActs.open(workerId);
      decide(fresh);
      try {
        await this.store.create(fresh, context);
        return;
      } catch (error) {
        // somebody asked something of another lab at the same moment
        if (!(error instanceof VersionConflict)) throw error;
      }
    }
    await this.store.change(workerId, context, decide);
  }
}
