import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type CommandContext } from '../kernel/command-context';
import { stateOf } from './request-state';

/**
 * The CommandContext of a command that the request gives. With an Idempotency-Key its command id is the same for each
 * repetition. The reason is null: a route that takes one puts it in.
 */
export const RequestContext = createParamDecorator(
  (_: unknown, context: ExecutionContext): CommandContext => {
    const {
      commandId,
      correlationId,
      principal,
      reach = [],
    } = stateOf(context.switchToHttp().getRequest<Request>());
    return {
      commandId,
      actor: principal?.actor ?? 'user:anonymous',
      reason: null,
      correlationId,
      causationId: null,
      reach,
    };
  },
);
