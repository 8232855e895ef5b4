import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import { type Role } from '../kernel/principal';

export const PUBLIC = 'http:public';
export const REQUIRED_ROLE = 'http:required-role';
export const OR_USER = 'http:or-user';
export const SCOPED = 'http:scoped';
export const WORKER_PARAMETER = 'http:worker-parameter';
export const ALL_LABS = 'http:all-labs';
export const BEARER_SCHEME = 'api-key';

/** The route needs no key. */
export const Public = () => SetMetadata(PUBLIC, true);

/**
 * The route needs a key of this role or a greater one. A route that does not say needs `admin`. With `orUser` it is open
 * to whoever the worker is assigned to as well, and still not to viewers, who only look.
 */
export function RequiresRole(role: Role, { orUser = false }: { readonly orUser?: boolean } = {}) {
  return applyDecorators(
    SetMetadata(REQUIRED_ROLE, role),
    SetMetadata(OR_USER, orUser),
    ApiBearerAuth(BEARER_SCHEME),
    ApiExtension('x-required-role', role),
    ...(orUser ? [ApiExtension(OR_USER_EXTENSION, true)] : []),
  );
}

/** Beside the role, in the OpenAPI document: users do it with what is assigned to them, too. */
const OR_USER_EXTENSION = 'x-or-user';

/** The kind of a route's reach, in the OpenAPI document; a route without it is about all of the fleet. */
export const SCOPE_EXTENSION = 'x-scope';

/**
 * The route shows and touches what is within its caller's reach only, and applies that itself. A route that says neither
 * this nor `OfWorker` is refused to callers who are limited to a part of the fleet.
 */
export function Scoped() {
  return applyDecorators(SetMetadata(SCOPED, true), ApiExtension(SCOPE_EXTENSION, 'scoped'));
}

/** The route is about the worker whose id is the path's parameter: for whom it is out of reach, it is not there. */
export function OfWorker(parameter = 'id') {
  return applyDecorators(SetMetadata(WORKER_PARAMETER, parameter), ApiExtension(SCOPE_EXTENSION, 'worker'));
}

/** Beside `OfWorker`: the route shows or touches all labs of the worker, so who has only some of them is refused. */
export function OfAllLabs() {
  return SetMetadata(ALL_LABS, true);
}
