import { DomainError } from '../../kernel/domain-error';
import { type FailedRegion } from './discovery';

/** No region could be read: what AWS said of the first one. */
export class NoRegionRead extends DomainError {
  readonly code: string;
  readonly kind = 'refused';

  constructor([first, ...others]: readonly FailedRegion[]) {
    const more = others.length > 0 ? ` ${others.length} more failed as well.` : '';
    super(`No region could be read. ${first?.awsRegion}: ${first?.message}${more}`);
    this.code = first?.code ?? 'aws-refused';
  }
}
