import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import { type Role } from './principal';

export const PUBLIC = 'http:public';
export const REQUIRED_ROLE = 'http:required-role';
export const BEARER_SCHEME = 'api-key';

/** The route needs no key. */
export const Public = () => SetMetadata(PUBLIC, true);

/** The route needs a key of this role or a greater one. A route that does not say needs `admin`. */
export function RequiresRole(role: Role) {
  return applyDecorators(
    SetMetadata(REQUIRED_ROLE, role),
    ApiBearerAuth(BEARER_SCHEME),
    ApiExtension('x-required-role', role),
  );
}
