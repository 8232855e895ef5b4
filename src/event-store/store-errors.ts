import { DomainError } from '../kernel/domain-error';

/** Another commit took the version that this append expected: load again and decide again. */
export class StreamConflict extends DomainError {
  readonly code = 'version-conflict';
  readonly kind = 'conflict';

  constructor(stream: string, expected: number) {
    super(`stream ${stream} is no longer at version ${expected}`);
  }
}

/** The stored bytes are not what was written, or not by this program: nothing may be decided from them. */
export class CorruptStream extends Error {}

/** An event type or schema that this version of the program does not know. */
export class UnknownEvent extends Error {}
