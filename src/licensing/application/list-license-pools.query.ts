import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type NamePlace, pageByName } from '../../kernel/name-place';
import { type LicensePool } from '../domain/license-pool';
import { LicensePoolDirectory } from './license-pool-directory';

/** The first `limit` pools after a place, or from the beginning, by name. */
export class ListLicensePools extends Query<LicensePool[]> {
  constructor(
    readonly limit: number,
    readonly after: NamePlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListLicensePools)
export class ListLicensePoolsHandler implements IQueryHandler<ListLicensePools> {
  constructor(private readonly directory: LicensePoolDirectory) {}

  execute({ limit, after }: ListLicensePools): Promise<LicensePool[]> {
    return Promise.resolve(pageByName(this.directory.list(), after, limit));
  }
}
