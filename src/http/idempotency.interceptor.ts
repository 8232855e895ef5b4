import { setTimeout as pause } from 'node:timers/promises';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request, type Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { type IdempotencyClaim, IdempotencyStore, type IdempotentAnswer } from '../event-store';
import { MachineClock, MINUTE, plus, SECOND } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { derivedId, IdSource } from '../kernel/ids';
import { FLEET, isPartOf, type Reach } from '../kernel/reach';
import { PUBLIC } from './access.decorators';
import { SECRET_FIELDS } from './answers.decorator';
import { BodyHashes } from './body-hashes';
import { type IdempotentRequest, idempotentRequest } from './idempotent-request';
import { IdempotencyKeyInUse, IdempotencyKeyReused, ScopeTooSmall } from './request-errors';
import { stateOf } from './request-state';

/** Machine milliseconds: how long, and how often, the store is told of an outcome that it does not take. */
const TRY_FOR = MINUTE;
const TRY_EVERY = SECOND;

const KEPT_HEADERS = ['Location', 'ETag'];

/**
 * Carries out a POST with an Idempotency-Key once, and answers its repetitions from what was kept. Only success is
 * kept: an error, the client's as well, may be cured meanwhile, and a kept one would deny that for a day. A repetition
 * after a crash runs again under the same command id, by which a command finds what it did already. An answer that was
 * made of more of the fleet than its caller may see by now is not shown again.
 *
 * Routes without a key for their callers have none of it: strangers would share what is kept, and pages that send their
 * answers themselves leave nothing to keep. It must be the outermost interceptor: what it keeps is the answer as it is
 * sent.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Idempotency');

  constructor(
    private readonly store: IdempotencyStore,
    private readonly clock: MachineClock,
    private readonly reflector: Reflector,
    private readonly ids: IdSource,
    private readonly hashes: BodyHashes,
  ) {}

  /** @throws InvalidInput, IdempotencyKeyReused, IdempotencyKeyInUse, ScopeTooSmall */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const route = [context.getHandler(), context.getClass()];
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, route) ?? false;
    const keyed = request.method === 'POST' && !isPublic ? idempotentRequest(request, this.hashes) : null;
    if (!keyed) return next.handle();

    const claimant = this.ids.next();
    const claim = await this.claim(keyed, claimant);
    switch (claim.outcome) {
      case 'other-body':
        throw new IdempotencyKeyReused();
      case 'running':
        throw new IdempotencyKeyInUse(this.secondsUntil(claim.leaseUntil));
      case 'replay':
        if (!isPartOf(claim.answer.reach ?? FLEET, reachOf(request))) throw new ScopeTooSmall('replay');
        return of(replay(claim.answer, response));
      case 'run':
        // the same for each repetition in every process, and another one when the key is used again after a day
        stateOf(request).commandId = derivedId(keyed.id, claim.bodyHash, claim.since.toISOString());
        return of(await this.run({ id: keyed.id, claimant }, context, next, response));
    }
  }

  private async run(
    { id, claimant }: { readonly id: string; readonly claimant: string },
    context: ExecutionContext,
    next: CallHandler,
    response: Response,
  ): Promise<unknown> {
    let body: unknown;
    try {
      body = await lastValueFrom(next.handle() as Observable<unknown>, { defaultValue: undefined });
    } catch (error) {
      await this.keep(() => this.store.abandon(id, claimant));
      throw error;
    }
    const secrets = this.reflector.get<string[] | undefined>(SECRET_FIELDS, context.getHandler()) ?? [];
    const reach = reachOf(context.switchToHttp().getRequest<Request>());
    const answer = { ...answerOf(response, body, secrets), ...(reach !== FLEET && { reach }) };
    await this.keep(() => this.store.complete(id, claimant, answer));
    return body;
  }

  /** A claim without an answer may stand, and would keep repetitions waiting for a request that never ran. */
  private async claim({ id, body }: IdempotentRequest, claimant: string): Promise<IdempotencyClaim> {
    try {
      return await this.store.claim(id, body.hash, claimant, body.former);
    } catch (error) {
      if (error instanceof StoreUnavailable) void this.keepLater(() => this.store.abandon(id, claimant));
      throw error;
    }
  }

  /**
   * The command's outcome stands whether it can be kept or not; unkept, a repetition runs once the lease is over. While
   * the store is away it is tried again behind the answer.
   */
  private async keep(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn({ err: error }, 'could not keep the outcome of a request yet');
      void this.keepLater(work);
    }
  }

  /** Never rejects. */
  private async keepLater(work: () => Promise<void>): Promise<void> {
    for (const end = plus(this.clock.now(), TRY_FOR); ;) {
      await pause(TRY_EVERY, undefined, { ref: false });
      try {
        await work();
        return;
      } catch (error) {
        if (this.clock.now() < end) continue;
        this.logger.warn({ err: error }, 'could not keep the outcome of a request');
        return;
      }
    }
  }

  private secondsUntil(time: Date): number {
    return Math.max(1, Math.ceil((time.getTime() - this.clock.now().getTime()) / SECOND));
  }
}

function reachOf(request: Request): Reach {
  return stateOf(request).reach ?? [];
}

function answerOf(response: Response, body: unknown, secrets: readonly string[]): IdempotentAnswer {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = response.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    status: response.statusCode,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: withoutFields(body, secrets),
  };
}

function withoutFields(body: unknown, fields: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null) return body ?? null;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name)));
}

function replay({ status, headers, body }: IdempotentAnswer, response: Response): unknown {
  response.status(status).set({ ...headers, 'Idempotency-Replayed': 'true' });
  return body;
}
