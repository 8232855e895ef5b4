import { type IncomingMessage } from 'node:http';
import { type Request } from 'express';

/** Whose paths hold tokens: whoever knows one may act by it. A proxy may have put something before them. */
const TOKEN_PATHS = /(\/notices\/+)[^/\s][^\s]*/gi;
/** What has the form of a token of these paths (a JWS, RFC 7515); each sign is looked at a few times, whatever the text. */
const DOTTED = /(?<![\w-])[\w-]+(?:\.[\w-]+){2,}/g;
const JWS_BEGIN = 'eyJ';

/** The path of a request as it may be shown and logged: without its query, and without a token. */
export function shownPath(request: IncomingMessage): string {
  return withoutTokens((request as Request).originalUrl.split('?', 1)[0] ?? '');
}

/** A text that may quote a path, without the tokens of it. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN_PATHS, '$1[secret]').replace(DOTTED, withoutJws);
}

function withoutJws(dotted: string): string {
  const begin = dotted.indexOf(JWS_BEGIN);
  return begin < 0 ? dotted : `${dotted.slice(0, begin)}[secret]`;
}
