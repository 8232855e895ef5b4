import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { FLEET, type Reach, withAllLabs } from '../kernel/reach';
import { ALL_LABS, OR_USER, PUBLIC, REQUIRED_ROLE, SCOPED, WORKER_PARAMETER } from './access.decorators';
import { greatestRole, reachOf, type Role } from '../kernel/principal';
import { Forbidden, ScopeTooSmall } from './request-errors';
import { refusalOf, stateOf } from './request-state';
import { WorkerGate } from './worker-gate';

/**
 * Lets a request pass if its caller has the route's role, and where the route needs all of the fleet, has it there. A
 * route without a decorator needs an admin of the fleet. What of a worker is out of reach looks as if it were not there.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Optional() private readonly gate?: WorkerGate,
  ) {}

  /** @throws what refusalOf answers, Forbidden, ScopeTooSmall, and what WorkerGate throws */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.metadata<boolean>(PUBLIC, context)) return true;

    const request = context.switchToHttp().getRequest<Request>();
    const state = stateOf(request);
    if (!state.principal) throw refusalOf(request);
    const needed = this.metadata<Role>(REQUIRED_ROLE, context) ?? 'admin';
    const orUser = this.metadata<boolean>(OR_USER, context) ?? false;
    const reach = reachOf(state.principal, needed, { orUser });
    if (reach === null) throw new Forbidden(greatestRole(state.principal), needed);
    state.reach = reach;
    if (reach === FLEET) return true;

    const parameter = this.metadata<string>(WORKER_PARAMETER, context);
    if (parameter === undefined && !this.metadata<boolean>(SCOPED, context)) throw new ScopeTooSmall();
    if (parameter !== undefined) {
      const allLabs = this.metadata<boolean>(ALL_LABS, context) ?? false;
      await this.mustSee(String(request.params[parameter]), reach, allLabs);
    }
    return true;
  }

  private async mustSee(workerId: string, reach: Reach, allLabs: boolean): Promise<void> {
    if (!this.gate) throw new ScopeTooSmall();
    await this.gate.mustBeWithin(workerId, reach);
    if (!allLabs) return;
    const whole = withAllLabs(reach);
    if (whole.length === reach.length) return;
    if (!(await this.gate.within([workerId], whole)).has(workerId)) throw new ScopeTooSmall('labs');
  }

  private metadata<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }
}
