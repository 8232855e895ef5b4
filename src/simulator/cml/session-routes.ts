import { CmlProblem } from './cml-problem';
import { type CmlCall, type CmlRoute, callerOf } from './cml-route';
import { type CmlUser } from './cml-user';

async function logIn({ host, body, now }: CmlCall): Promise<{ user: CmlUser; token: string }> {
  host.logins.count();
  const { username, password } = (body ?? {}) as { username?: unknown; password?: unknown };
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new CmlProblem(400, 'username and password are required.');
  }
  const user = host.server.authenticate({ username, password });
  if (!user) throw new CmlProblem(403, 'Authentication failed!');
  host.server.record('user_activity', user, now);
  return { user, token: await host.tokens.issue(user.id) };
}

/** Login, its check, logout. */
export const SESSION_ROUTES: readonly CmlRoute[] = [
  {
    method: 'POST',
    path: '/authenticate',
    open: true,
    answer: async (call) => ({ status: 200, body: (await logIn(call)).token }),
  },
  {
    method: 'POST',
    path: '/auth_extended',
    open: true,
    answer: async (call) => {
      const { user, token } = await logIn(call);
      const { id, username, admin } = user;
      return { status: 200, body: { username, id, token, admin, error: null } };
    },
  },
  { method: 'GET', path: '/authok', answer: () => ({ status: 200, body: 'OK' }) },
  {
    method: 'DELETE',
    path: '/logout',
    answer: (call) => {
      const { user, sessionId } = callerOf(call);
      if (call.query.get('clear_all_sessions') === 'true') call.host.tokens.revokeAllOf(user.id);
      else call.host.tokens.revoke(sessionId);
      return { status: 200, body: true };
    },
  },
];
