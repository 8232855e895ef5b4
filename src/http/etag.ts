import {
  applyDecorators,
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { type Observable, tap } from 'rxjs';
import { InvalidInput } from '../kernel/domain-error';

const ETAG = 'http:etag';
export const TAKES_IF_MATCH = 'x-if-match';

/** What clients need to send; lists of one version pass as well. */
const IF_MATCH = { type: 'string', pattern: '^([*]|"[0-9]{1,15}")$' };

/** The route answers one resource with a numeric `version`, which becomes its ETag. */
export const WithETag = () => SetMetadata(ETAG, true);

@Injectable()
export class EtagInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.reflector.get<boolean | undefined>(ETAG, context.getHandler())) return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      tap((answer: { version: number }) => {
        response.set('ETag', `"${answer.version}"`);
      }),
    );
  }
}

/**
 * The version that the caller saw last, from `If-Match: "3"`; null without the header and for `*`, which any version
 * of an existing resource matches.
 */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext) => ifMatch(context.switchToHttp().getRequest<Request>()),
  [
    (target, key) => {
      const descriptor = key !== undefined && Object.getOwnPropertyDescriptor(target, key);
      if (!descriptor) return;
      // no example: Swagger UI would send it with every request that somebody tries
      const description = 'Do it only if the resource still has this version: its ETag, like "3", in quotes';
      const documented = applyDecorators(
        ApiHeader({ name: 'If-Match', required: false, description, schema: IF_MATCH }),
        ApiExtension(TAKES_IF_MATCH, true),
      );
      documented(target, key, descriptor);
    },
  ],
);

/**
 * Reads If-Match (RFC 9110, 13.1.1). In a list only one version can be the present one, so a list must agree.
 * @throws InvalidInput for what is not a version of ours: weak tags cannot match either
 */
function ifMatch(request: Request): number | null {
  const header = request.get('If-Match')?.trim();
  if (header === undefined || header === '*') return null;
  const versions = header.split(',').map((tag) => /^"(\d{1,15})"$/.exec(tag.trim())?.[1]);
  const [version, ...others] = new Set(versions);
  if (version !== undefined && others.length === 0) return Number(version);
  const message = versions.includes(undefined)
    ? `must be "<version>", as in the ETag, or *`
    : 'must name one version, not several';
  throw new InvalidInput([{ pointer: '/headers/If-Match', message }]);
}
