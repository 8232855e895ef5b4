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
   * is room. A repetition of the command answers the operation of its first try. `id` is for whoever has told others of
   * it before, by `operationId`.
   * @throws StoreUnavailable: then nobody knows, and a repetition of the command finds out
   */
  async accept(
    { kind, workerId, input, id: given }: AcceptedOperation,
    { actor, correlationId, commandId }: CommandContext,
  ): Promise<Operation> {
    const id = given ?? operationId(kind, commandId);
    const createdAt = this.clock.now();
    const accepted = await this.store.add({ id, kind, workerId, input, actor, correlationId, createdAt });
    this.runner.nudge();
    return accepted;
  }

  /** Null for one that was never accepted, or ended more than 30 days ago. @throws StoreUnavailable */
  find(id: string): Promise<Operation | null> {
    return this.store.find(id);
  }
}

export interface AcceptedOperation {
  readonly kind: string;
  readonly workerId: string | null;
  readonly input: OperationData;
  readonly id?: string;
}

/** The id of the operation that a command leads to. */
export function operationId(kind: string, commandId: string): string {
  return derivedId('operation', kind, commandId);
}
