import { type RequestHandler } from 'express';
import helmet from 'helmet';
import { type SignIn } from './sign-in';

/** Where the identity provider sends a browser back to, in the window that was opened for it. */
const BACK = '/docs/oauth2-redirect.html';

/**
 * The headers by which browsers protect people. With a sign-in, the pages of the documentation may talk to its provider
 * as well, and to the window in which people sign in: that has to come back without a policy, or it would be parted
 * from the page that opened it (HTML, 7.1.3).
 */
export function securityHeaders(signIn: SignIn | null): RequestHandler {
  const usual = headersWith();
  if (!signIn) return usual;
  const docs = headersWith(signIn.origin, 'same-origin-allow-popups');
  const back = headersWith(signIn.origin, 'unsafe-none');
  return (request, response, next) => {
    const isOfDocs = request.path === '/docs' || request.path.startsWith('/docs/');
    const headers = request.path === BACK ? back : isOfDocs ? docs : usual;
    headers(request, response, next);
  };
}

function headersWith(
  talksTo?: string,
  openerPolicy: 'same-origin' | 'same-origin-allow-popups' | 'unsafe-none' = 'same-origin',
): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      directives: {
        // on a plain http address of a LAN, browsers must not be told to fetch Swagger UI's scripts by https
        'upgrade-insecure-requests': null,
        ...(talksTo && { 'connect-src': ["'self'", talksTo] }),
      },
    },
    crossOriginOpenerPolicy: { policy: openerPolicy },
  });
}
