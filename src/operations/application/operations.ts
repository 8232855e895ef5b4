import { Injectable } from '@nestjs/common';
import { FleetClock } from '../../kernel/clocks';
import { type CommandContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type Operation, type OperationData } from '../domain/operation';
import { OperationStore } from '../domain/ports';
import { OperationRunner } from './operation-runner';

/** The module's face for others: how they have something carried out that takes longer than a request. */
@Injectable()
export class Operations {
  constructor(
    private readonly store: OperationStore,
    private readonly runner: OperationRunner,
    private readonly clock: FleetClock,
  ) {}

  /**
   * Accepts an operation: from here on it is carried out, whatever happens to this process, and begun at once if there
   * is room. A repetition of the command answers the operation of its first try.
   * @throws StoreUnavailable: then nobody knows, and a repetition of the command finds out
   */
  async accept(
    { kind, workerId, input }: { kind: string; workerId: string | null; input: OperationData },
    { actor, correlationId, commandId }: CommandContext,
  ): Promise<Operation> {
    const id = derivedId('operation', kind, commandId);
    const createdAt = this.clock.now();
    const accepted = await this.store.add({ id, kind, workerId, input, actor, correlationId, createdAt });
    this.runner.nudge();
    return accepted;
  }
}
