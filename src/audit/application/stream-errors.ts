import { DomainError } from '../../kernel/domain-error';

/** Of one key, or of all in this process. */
export class TooManyStreams extends DomainError {
  readonly code = 'too-many-streams';
  readonly kind = 'too-many';

  constructor(limit: number, whose: string) {
    super(`${whose} has ${limit} event streams open, which is the limit. Close one, or try again later.`);
  }

  override get retryAfterSeconds(): number {
    return 30;
  }
}
