import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type Reach } from '../kernel/reach';
import { type Principal } from '../kernel/principal';
import { Unauthenticated } from './request-errors';
import { stateOf } from './request-state';

/** Who makes the request. @throws Unauthenticated on a route that needs no key */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = stateOf(context.switchToHttp().getRequest<Request>());
  if (!principal) throw new Unauthenticated();
  return principal;
});

/** What of the fleet the caller may see by this route; nothing on a route that needs no key. */
export const CallerReach = createParamDecorator(
  (_: unknown, context: ExecutionContext): Reach =>
    stateOf(context.switchToHttp().getRequest<Request>()).reach ?? [],
);
