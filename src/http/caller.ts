import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type Principal } from './principal';
import { Unauthenticated } from './request-errors';
import { stateOf } from './request-state';

/** Who makes the request. @throws Unauthenticated on a route that needs no key */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = stateOf(context.switchToHttp().getRequest<Request>());
  if (!principal) throw new Unauthenticated();
  return principal;
});
