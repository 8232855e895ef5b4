import { type IncomingMessage } from 'node:http';
import { type Request } from 'express';

/** Whose paths hold tokens: whoever knows one may act by it. A proxy may have put something before them. */
const TOKEN_PATHS = /(\/notices\/+)[^/\s][^\s]*/gi;
/** A token of these paths (a JWS, RFC 7515), wherever it stands. */
const TOKENS = /\beyJ[\w-]*\.[\w-]+\.[\w-]+/g;

/** The path of a request as it may be shown and logged: without its query, and without a token. */
export function shownPath(request: IncomingMessage): string {
  return withoutTokens((request as Request).originalUrl.split('?', 1)[0] ?? '');
}

/** A text that may quote a path, without the tokens of it. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN_PATHS, '$1[secret]').replace(TOKENS, '[secret]');
}
