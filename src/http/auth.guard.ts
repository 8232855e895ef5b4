import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { PUBLIC, REQUIRED_ROLE } from './access.decorators';
import { includesRole, type Role } from './principal';
import { Forbidden, Unauthenticated } from './request-errors';
import { stateOf } from './request-state';

/** Lets a request pass if its caller has the route's role. A route without a decorator needs an admin. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** @throws Unauthenticated, Forbidden */
  canActivate(context: ExecutionContext): boolean {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, route)) return true;

    const { principal } = stateOf(context.switchToHttp().getRequest<Request>());
    if (!principal) throw new Unauthenticated();
    const needed = this.reflector.getAllAndOverride<Role | undefined>(REQUIRED_ROLE, route) ?? 'admin';
    if (!includesRole(principal.role, needed)) throw new Forbidden(principal.role, needed);
    return true;
  }
}
