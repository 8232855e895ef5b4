import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { InvalidInput } from '../../kernel/domain-error';
import { type Operation, Operations } from '../../operations';
import { type ClientsValues, PolicyDrafts } from '../../policies';
import { checkTime, type SimulationOrder } from '../domain/simulation';
import { SIMULATE_POLICY, storedOrder } from './stored-order';

/** What somebody asks for: the policy as clients write it. */
export interface SimulationRequest extends Omit<SimulationOrder, 'policy'> {
  readonly policy: ClientsValues | null;
}

/** Has a policy replayed over the past. Answers the operation that does it. @throws InvalidInput */
export class SimulatePolicy extends Command<Operation> {
  constructor(
    readonly request: SimulationRequest,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** Fits no selector, and has no policy of its own: what is refused for it is so for every worker. */
const ANY_WORKER = { id: '', awsRegion: '', tags: {}, idlePolicyId: null };

@CommandHandler(SimulatePolicy)
export class SimulatePolicyHandler implements ICommandHandler<SimulatePolicy> {
  constructor(
    private readonly operations: Operations,
    private readonly drafts: PolicyDrafts,
    private readonly clock: FleetClock,
  ) {}

  execute({ request, context }: SimulatePolicy): Promise<Operation> {
    checkTime(request, this.clock.now());
    const policy = request.policy && this.checked(request.policy);
    const input = { ...storedOrder({ ...request, policy }) };
    return this.operations.accept({ kind: SIMULATE_POLICY, workerId: null, input }, context);
  }

  private checked(given: ClientsValues) {
    const values = this.drafts.written(given);
    try {
      this.drafts.of(ANY_WORKER, values);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      throw new InvalidInput(
        error.faults.map(({ pointer, message }) => ({ pointer: `/policy${pointer}`, message })),
      );
    }
    return values;
  }
}
