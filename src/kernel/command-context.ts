import { type CommitMeta } from './domain-event';

/**
 * What a command carries besides its own values. `commandId` makes a repetition find its own commit; it is derived
 * from the Idempotency-Key where a client gave one.
 */
export interface CommandContext extends CommitMeta {
  readonly commandId: string;
}

/** Context of something that a part of the system does by itself: `system:<part>`. */
export function systemContext(
  part: string,
  commandId: string,
  { reason = null, correlationId = commandId, causationId = null }: Partial<CommitMeta> = {},
): CommandContext {
  return { actor: `system:${part}`, reason, correlationId, causationId, commandId };
}
