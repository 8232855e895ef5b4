import { type CommitMeta } from './domain-event';
import { type Reach } from './reach';

/**
 * What a command carries besides its own values. `commandId` makes a repetition find its own commit; it is derived
 * from the Idempotency-Key where a client gave one.
 */
export interface CommandContext extends CommitMeta {
  readonly commandId: string;
  /** what of the fleet whoever gives it may touch; absent: all of it, as the system itself may */
  readonly reach?: Reach;
}

/** Context of something that a part of the system does by itself: `system:<part>`. */
export function systemContext(
  part: string,
  commandId: string,
  { reason = null, correlationId = commandId, causationId = null }: Partial<CommitMeta> = {},
): CommandContext {
  return { actor: `system:${part}`, reason, correlationId, causationId, commandId };
}
