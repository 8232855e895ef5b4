import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { isOfApi } from './api-path';
import { methodsAt } from './methods-at';
import { type Finding, findingOf, titleOf } from './problem';
import { refusalOf, stateOf } from './request-state';
import { shownPath, withoutTokens } from './shown-path';

/**
 * Answers every error as application/problem+json (RFC 9457), and logs those that are not the client's: once, with the
 * correlation id under which a client can ask about them.
 */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problems');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const finding = ofMethod(this.withoutHints(findingOf(error), request), request, response);
    this.log(error, finding, request);
    if (response.headersSent) {
      // a stream that broke: all that can be told is that it is not complete
      response.destroy();
      return;
    }
    if (finding.status === 401) response.set('WWW-Authenticate', challenge(request));
    if (finding.retryAfterSeconds !== null) response.set('Retry-After', String(finding.retryAfterSeconds));
    this.answer(response, finding, request);
  }

  /** What the client gets, after everything that does not depend on its form. */
  protected answer(response: Response, finding: Finding, request: Request): void {
    response
      .status(finding.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(finding, request)));
  }

  /** A caller without a key does not learn which routes of the API exist. */
  private withoutHints(finding: Finding, request: Request): Finding {
    const hidden =
      finding.code === 'route-not-found' && isOfApi(request.originalUrl) && !stateOf(request).principal;
    return hidden ? findingOf(refusalOf(request)) : finding;
  }

  private log(error: unknown, { code, blame }: Finding, request: Request): void {
    if (!blame) return;
    const { correlationId } = stateOf(request);
    if (blame === 'fault') this.logger.error({ err: error, correlationId }, 'a request failed');
    else this.logger.warn({ err: error, correlationId, code }, 'a request could not be served');
  }
}

/** No route is there for this method: where there is one for others, Allow names them (RFC 9110, 15.5.6). */
function ofMethod(finding: Finding, request: Request, response: Response): Finding {
  const methods = finding.code === 'route-not-found' ? methodsAt(request) : [];
  if (methods.length === 0) return finding;
  response.set('Allow', methods.join(', '));
  const detail = `${request.method} is not for this path. It takes ${methods.join(', ')}.`;
  return { ...finding, code: 'method-not-allowed', status: 405, detail };
}

function challenge(request: Request): string {
  const invalid = request.headers.authorization ? ', error="invalid_token"' : '';
  return `Bearer realm="cml-fleet"${invalid}`;
}

function problemDocument({ code, status, detail, members }: Finding, request: Request) {
  return {
    type: `/problems/${code}`,
    title: titleOf(code),
    status,
    // that a route is not there is told with its path
    detail: withoutTokens(detail),
    instance: shownPath(request),
    code,
    correlationId: stateOf(request).correlationId,
    ...members,
  };
}
