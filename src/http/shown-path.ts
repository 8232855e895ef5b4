import { type IncomingMessage } from 'node:http';
import { type Request } from 'express';

/** Whose paths hold tokens: whoever knows one may act by it. */
const TOKEN_PATHS = /^(\/notices\/).+/i;

/** The path of a request as it may be shown and logged: without its query, and without a token. */
export function shownPath(request: IncomingMessage): string {
  const path = (request as Request).originalUrl.split('?', 1)[0] ?? '';
  return path.replace(TOKEN_PATHS, '$1[secret]');
}
