import { issuerOf, signInOf } from './oidc-settings';
import { BadSettings, readSettings } from './read-settings';

const MEMORY = { FLEET_PERSISTENCE: 'memory' };
const OIDC = { ...MEMORY, FLEET_OIDC_ISSUER: 'https://login.example.com/', FLEET_OIDC_AUDIENCE: 'fleet' };

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof BadSettings) return error.faults;
    throw error;
  }
  return [];
}

describe('settings of OpenID Connect', () => {
  it('name no issuer by themselves', () => {
    expect(issuerOf(readSettings(MEMORY))).toBeNull();
    expect(signInOf(readSettings(MEMORY))).toBeNull();
  });

  it('keep the issuer as it is written, since tokens are held against it', () => {
    expect(issuerOf(readSettings(OIDC))).toEqual({
      ...{ issuer: 'https://login.example.com/', audience: 'fleet', jwksUri: null },
      algorithms: ['RS256', 'ES256'],
      claims: { name: 'preferred_username', groups: 'groups' },
    });
    expect(signInOf(readSettings({ ...OIDC, FLEET_OIDC_CLIENT_ID: 'ui' }))).toEqual({
      ...{ clientId: 'ui', scopes: ['openid', 'profile'] },
    });
  });

  it.each(['none', 'HS256', 'RS256,HS512', 'rs256', 'RS1', 'RS256,'])(
    'refuse the algorithms %s: anybody could make tokens, or nobody',
    (algorithms) => {
      expect(faultsOf({ ...OIDC, FLEET_OIDC_ALGORITHMS: algorithms })).toEqual([
        expect.stringMatching(/^FLEET_OIDC_ALGORITHMS must be of RS256, /),
      ]);
    },
  );

  it.each([
    'http://login.example.com',
    'http://127.0.0.1.example.com',
    'https://user:password@login.example.com',
    'https://login.example.com/?tenant=1',
    'https://login.example.com/#x',
    'login.example.com',
    'file:///etc/issuer',
  ])('refuse the issuer %s', (issuer) => {
    expect(faultsOf({ ...OIDC, FLEET_OIDC_ISSUER: issuer })).toEqual([
      expect.stringMatching(/^FLEET_OIDC_ISSUER must be a URL like https:/),
    ]);
  });

  it.each(['http://127.0.0.1:8080/realms/lab', 'http://localhost:8080', 'http://[::1]:8080'])(
    'take %s, which nothing leaves the machine for',
    (issuer) => {
      expect(faultsOf({ ...OIDC, FLEET_OIDC_ISSUER: issuer, FLEET_OIDC_JWKS_URI: issuer })).toEqual([]);
    },
  );

  it('go together', () => {
    const { FLEET_OIDC_AUDIENCE: audience, FLEET_OIDC_ISSUER: issuer } = OIDC;
    const halves: Record<string, string>[] = [
      { FLEET_OIDC_AUDIENCE: audience },
      { FLEET_OIDC_ISSUER: issuer },
    ];
    for (const half of halves) {
      expect(faultsOf({ ...MEMORY, ...half })).toEqual([
        expect.stringMatching(/^FLEET_OIDC_ISSUER and FLEET_OIDC_AUDIENCE go together/),
      ]);
    }
    const rest = { FLEET_OIDC_JWKS_URI: 'https://keys.example.com', FLEET_OIDC_CLIENT_ID: 'ui' };
    expect(faultsOf({ ...MEMORY, ...rest }).map((fault) => fault.split(' needs ')[0])).toEqual([
      ...['FLEET_OIDC_JWKS_URI', 'FLEET_OIDC_CLIENT_ID'],
    ]);
    expect(faultsOf({ ...OIDC, FLEET_OIDC_JWKS_URI: 'http://keys.example.com' })).toHaveLength(1);
  });
});
