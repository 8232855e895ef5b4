import { isAccessToken } from './token-kind';

describe('an access token', () => {
  it('is what says so in its header (RFC 9068)', () => {
    for (const type of ['at+jwt', 'AT+JWT', 'application/at+jwt']) expect(isAccessToken(type, {})).toBe(true);
  });

  it.each(['id+jwt', 'logout+jwt', 'dpop+jwt', 'secevent+jwt', 'JOSE', ''])(
    'is nothing of the type %j, whatever it claims',
    (type) => {
      expect(isAccessToken(type, { scope: 'openid', typ: 'Bearer' })).toBe(false);
    },
  );

  it.each([
    ['Keycloak', { typ: 'Bearer', azp: 'ui', scope: 'openid profile' }],
    ['Entra, version 2', { azp: 'ui', azpacr: '0', scp: 'access' }],
    ['Entra, for a program', { azp: 'ci', azpacr: '1', roles: ['operator'] }],
    ['Entra, version 1', { appid: 'ui', appidacr: '0', scp: 'access' }],
    ['Okta', { cid: 'ui', scp: ['openid'], uid: '00u1' }],
    ['Auth0', { azp: 'ui', scope: 'openid profile' }],
    ['Cognito', { token_use: 'access', client_id: 'ui', scope: 'openid' }],
  ])('is one of %s that is of the type JWT, or of none', (_issuer, claims) => {
    expect(isAccessToken('JWT', claims)).toBe(true);
    expect(isAccessToken(undefined, claims)).toBe(true);
  });

  it.each([
    ['Keycloak, for a client', { typ: 'ID', azp: 'ui', at_hash: 'x', auth_time: 1 }],
    ['Keycloak, to renew others', { typ: 'Refresh', azp: 'ui', scope: 'openid' }],
    ['Entra, for a client', { name: 'Ann', oid: '1', rh: 'x', roles: ['operator'] }],
    ['Okta, for a client', { amr: ['pwd'], idp: '00o1', at_hash: 'x' }],
    ['Auth0, for a client', { nickname: 'ann', sid: 'x' }],
    ['Cognito, for a client', { token_use: 'id', 'cognito:username': 'ann' }],
    ['anybody, with a nonce', { nonce: 'n', scope: 'openid' }],
    ['anybody, for the end of a session', { events: {}, scope: 'openid' }],
    ['anybody, without a sign', {}],
  ])('is not one of %s', (_issuer, claims) => {
    expect(isAccessToken('JWT', claims)).toBe(false);
    expect(isAccessToken(undefined, claims)).toBe(false);
  });
});
