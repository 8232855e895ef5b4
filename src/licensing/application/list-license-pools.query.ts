import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type LicensePool } from '../domain/license-pool';
import {
  comparePlaces,
  LicensePoolDirectory,
  type LicensePoolPlace,
  placeOf,
} from './license-pool-directory';

/** The first `limit` pools after a place, or from the beginning, by name. */
export class ListLicensePools extends Query<LicensePool[]> {
  constructor(
    readonly limit: number,
    readonly after: LicensePoolPlace | null,
  ) {
    super();
  }
}

@QueryHandler(ListLicensePools)
export class ListLicensePoolsHandler implements IQueryHandler<ListLicensePools> {
  constructor(private readonly directory: LicensePoolDirectory) {}

  execute({ limit, after }: ListLicensePools): Promise<LicensePool[]> {
    const rest = this.directory.list().filter((it) => !after || comparePlaces(placeOf(it), after) > 0);
    return Promise.resolve(rest.slice(0, limit));
  }
}
