import { Injectable } from '@nestjs/common';
import { type OperationProgress } from '../domain/ports';
import { type Operation, type OperationData } from '../domain/operation';

/** What a handler has of the operation that it carries out. */
export interface OperationRun {
  readonly operation: Operation;
  /** aborted when the operation goes on here no more, for what can be broken off */
  readonly signal: AbortSignal;
  /**
   * Notes how far it is, and asks whether it is to go on: called before each step that has an effect. The result noted
   * last is what one that is cancelled or fails keeps.
   * @throws OperationInterrupted, which the handler lets through; StoreUnavailable
   */
  report(progress: OperationProgress): Promise<void>;
}

export interface OperationSuccess {
  readonly message: string;
  readonly result: OperationData | null;
}

/**
 * Carries out operations of one kind. It may be begun anew at any time, after a crash or beside a runner that does not
 * know yet that it lost its claim, so each effect must be harmless to repeat: ids of commands are derived from the
 * operation's id (`derivedId(operation.id, …)`).
 */
export interface OperationHandler {
  readonly kind: string;
  /**
   * @throws StoreUnavailable: it is begun again soon; OperationPostponed: when that says. Begun 20 times it fails. Any other error fails the operation for good: a DomainError with
   * its code and message, anything else as `internal-error`, since its words are not for everybody.
   */
  run(run: OperationRun): Promise<OperationSuccess>;
}

/** Who carries out which kind. Modules register theirs in onModuleInit. */
@Injectable()
export class OperationHandlers {
  private readonly byKind = new Map<string, OperationHandler>();

  /** @throws Error for a kind that has a handler already */
  register(handler: OperationHandler): void {
    if (this.byKind.has(handler.kind)) throw new Error(`two handlers of operations ${handler.kind}`);
    this.byKind.set(handler.kind, handler);
  }

  get kinds(): readonly string[] {
    return [...this.byKind.keys()];
  }

  find(kind: string): OperationHandler | null {
    return this.byKind.get(kind) ?? null;
  }
}
