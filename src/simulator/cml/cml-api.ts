import { type CmlHost } from './cml-host';
import { CmlProblem } from './cml-problem';
import { type CmlAnswer, type CmlCall, type CmlRoute, problemAnswer } from './cml-route';
import { LAB_ROUTES } from './labs/lab-routes';
import { LICENSING_ROUTES } from './licensing/licensing-routes';
import { SESSION_ROUTES } from './session-routes';
import { SYSTEM_ROUTES } from './system-routes';

export const BASE_PATH = '/api/v0';

/** A request as it arrived. */
export interface CmlRequest {
  readonly method: string;
  readonly url: URL;
  /** the body */
  readonly text: string;
  /** the header of that name */
  readonly authorization: string | undefined;
}

const ROUTES: readonly (CmlRoute & { readonly pattern: RegExp })[] = [
  ...SESSION_ROUTES,
  ...SYSTEM_ROUTES,
  ...LAB_ROUTES,
  ...LICENSING_ROUTES,
].map((route) => ({
  ...route,
  pattern: new RegExp(`^${BASE_PATH}${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
}));

/** What a CML server that is up says to a request, be it an error. */
export async function answerCml(host: CmlHost, now: Date, request: CmlRequest): Promise<CmlAnswer> {
  try {
    const { route, path } = findRoute(request.method, request.url.pathname);
    const caller = route.open ? null : await authenticated(host, request.authorization);
    if (host.server.fault === 'labs-forbidden' && route.path.startsWith('/labs')) throw forbidden();
    if (route.admin && !caller?.user.admin) throw forbidden();
    const { searchParams: query } = request.url;
    return await route.answer({ host, now, caller, path, query, body: parsed(request.text) });
  } catch (error) {
    if (!(error instanceof CmlProblem)) throw error;
    return error.html ? { status: error.status, html: true } : problemAnswer(error.status, error.message);
  }
}

function findRoute(
  method: string,
  pathname: string,
): { route: CmlRoute; path: Readonly<Record<string, string>> } {
  for (const route of ROUTES) {
    const match = route.method === method ? route.pattern.exec(pathname) : null;
    if (match) return { route, path: match.groups ?? {} };
  }
  throw new CmlProblem(404, `Not found: ${pathname}`);
}

async function authenticated(
  { tokens, server }: CmlHost,
  header: string | undefined,
): Promise<NonNullable<CmlCall['caller']>> {
  const token = /^Bearer (.+)$/.exec(header ?? '')?.[1];
  if (!token) throw new CmlProblem(401, 'No authorization token provided.');
  const session = await tokens.verify(token);
  const user = server.users.find((candidate) => candidate.id === session?.userId);
  if (!session || !user) throw new CmlProblem(401, 'Authorization token is invalid or expired.');
  return { user, sessionId: session.sessionId };
}

function forbidden(): CmlProblem {
  return new CmlProblem(403, 'User does not have permission for this operation.');
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CmlProblem(400, `The body is not JSON: ${String(error)}`);
  }
}
