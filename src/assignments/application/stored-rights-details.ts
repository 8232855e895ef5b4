import { type MoreRights, RightsDetails } from '../../access';
import { type FleetClock } from '../../kernel/clocks';
import { isOver, spanOf } from '../domain/assignment';
import { type LabUsers } from '../domain/ports';
import { type AssignmentsOptions } from './assignments.options';

/** What GET /me shows of assignments. */
export class StoredRightsDetails extends RightsDetails {
  constructor(
    private readonly users: LabUsers,
    private readonly clock: FleetClock,
    private readonly options: Pick<AssignmentsOptions, 'userWorkers'>,
  ) {
    super();
  }

  async of(actor: string): Promise<MoreRights> {
    const user = await this.users.get(actor);
    const now = this.clock.now();
    const assignments = user.state.assignments
      .filter((it) => !isOver(spanOf(it), now))
      .map((it) => ({ id: it.id, workerId: it.workerId, labId: it.labId, ...spanOf(it) }))
      .sort((a, b) => a.from.getTime() - b.from.getTime() || (a.id < b.id ? -1 : 1));
    return { quota: { workers: user.quota(this.options.userWorkers) }, assignments };
  }
}
