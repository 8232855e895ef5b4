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

/** `atOnce` of a kind that does little but wait for a server: so many cost next to nothing. */
export const WAITING_AT_ONCE = 50;

/**
 * Carries out operations of one kind. It may be begun anew at any time, after a crash or beside a runner that does not
 * know yet that it lost its claim, so each effect must be harmless to repeat: ids of commands are derived from the
 * operation's id (`derivedId(operation.id, …)`).
 */
export interface OperationHandler {
  readonly kind: string;
  /** how many of the kind a process carries out side by side; other kinds take none of its room */
  readonly atOnce: number;
  /** who may ask for it, and so call it off */
  readonly role: 'operator' | 'admin';
  /**
   * @throws StoreUnavailable: it is begun again soon; OperationPostponed: when that says. Begun 20 times it fails. Any other error fails the operation for good: a DomainError with
   * its code and message, anything else as `internal-error`, since its words are not for everybody.
   */
  run(run: OperationRun): Promise<OperationSuccess>;
  /**
   * Puts in order what one leaves behind that ends without a word of `run`: it was cancelled, begun too often, or failed by
   * a fault of ours. Called before its end is stored, perhaps several times, and not while it runs here.
   * @throws StoreUnavailable: it is called again soon, and the operation ends then; any other error is reported only
   */
  onBrokenOff?(operation: Operation): Promise<void>;
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

  /** The kinds of which one more may be begun where these are under way. */
  kindsWithRoom(underWay: readonly { readonly kind: string }[]): readonly string[] {
    const countOf = (kind: string) => underWay.filter((operation) => operation.kind === kind).length;
    return [...this.byKind.values()]
      .filter(({ kind, atOnce }) => countOf(kind) < atOnce)
      .map(({ kind }) => kind);
  }

  /** Who may call off one of the kind; of kinds that nobody here knows: admins. */
  roleOf(kind: string): OperationHandler['role'] {
    return this.find(kind)?.role ?? 'admin';
  }

  find(kind: string): OperationHandler | null {
    return this.byKind.get(kind) ?? null;
  }
}
