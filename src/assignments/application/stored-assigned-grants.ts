import { AssignedGrants } from '../../access';
import { type FleetClock } from '../../kernel/clocks';
import { type Grant } from '../../kernel/principal';
import { type LabUserDirectory } from './lab-user-directory';

/** Gives each caller the role `user` on what is assigned to him at this moment. */
export class StoredAssignedGrants extends AssignedGrants {
  constructor(
    private readonly directory: LabUserDirectory,
    private readonly clock: FleetClock,
  ) {
    super();
  }

  grantsOf(actor: string): readonly Grant[] {
    return this.directory.heldBy(actor, this.clock.now()).map(({ workerId, labId }) => ({
      role: 'user',
      scope: { workerIds: [workerId], ...(labId !== null && { labIds: [labId] }) },
    }));
  }
}
