import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { OrphanCase, type OrphanCaseState } from '../domain/orphan-case';
import { OrphanCases } from '../domain/ports';

export class EventSourcedOrphanCases extends OrphanCases {
  constructor(private readonly cases: AggregateStore<OrphanCase, OrphanCaseState>) {
    super();
  }

  async record(
    id: string,
    context: CommandContext,
    decide: (orphan: OrphanCase) => void,
  ): Promise<OrphanCase> {
    if (!(await this.cases.load(id))) {
      const fresh = OrphanCase.open(id);
      decide(fresh);
      try {
        return (await this.cases.create(fresh, context)).aggregate;
      } catch (error) {
        // somebody did something about it at the same moment
        if (!(error instanceof VersionConflict)) throw error;
      }
    }
    return (await this.cases.change(id, context, decide)).aggregate;
  }
}
