import { z } from 'zod';
import { commaList } from './setting-types';

/** Signatures by a key pair (RFC 7518, 3.1; RFC 8037). With any other the issuer's public key would make tokens. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
];

/** Exactly as the tokens have it, so nothing is made of it. */
const issuerUrl = z.string().refine((text) => {
  const url = guardedUrl(text);
  return url !== null && !url.search && !url.hash;
}, 'must be a URL like https://login.example.com/realms/lab');

const claimName = z.string().regex(/^\S{1,200}$/, 'must be the name of a claim');

/** How the settings of OpenID Connect are read. */
export const OIDC_SETTINGS = {
  FLEET_OIDC_ISSUER: issuerUrl.optional(),
  FLEET_OIDC_AUDIENCE: z.string().min(1).max(500).optional(),
  FLEET_OIDC_JWKS_URI: z
    .string()
    .refine((text) => guardedUrl(text) !== null, 'must be a URL like https://login.example.com/keys')
    .optional(),
  FLEET_OIDC_ALGORITHMS: commaList(
    z
      .string()
      .refine(
        (name) => ALGORITHMS.includes(name),
        `must be of ${ALGORITHMS.join(', ')}: with none or HS256 anybody could make tokens`,
      ),
  ).default(['RS256', 'ES256']),
  FLEET_OIDC_GROUPS_CLAIM: claimName.default('groups'),
  FLEET_OIDC_NAME_CLAIM: claimName.default('preferred_username'),
  FLEET_OIDC_CLIENT_ID: z.string().min(1).max(500).optional(),
  FLEET_OIDC_SCOPES: commaList(
    z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be scopes, with commas between them'),
  ).default(['openid', 'profile']),
};

type Values = Readonly<z.output<z.ZodObject<typeof OIDC_SETTINGS>>>;

/** What they must fulfil together; each fault is a sentence that names the variables. */
export function oidcFaultsOf(values: Values): string[] {
  const { FLEET_OIDC_ISSUER: issuer, FLEET_OIDC_AUDIENCE: audience } = values;
  const faults: string[] = [];
  if (!issuer !== !audience) {
    faults.push(
      'FLEET_OIDC_ISSUER and FLEET_OIDC_AUDIENCE go together: set both, or neither; a token for another audience must not be taken',
    );
  }
  for (const name of ['FLEET_OIDC_JWKS_URI', 'FLEET_OIDC_CLIENT_ID'] as const) {
    if (values[name] && !issuer) faults.push(`${name} needs FLEET_OIDC_ISSUER: whose tokens are taken`);
  }
  return faults;
}

/** The issuer whose access tokens are taken; null: none are. */
export function issuerOf(values: Values) {
  const { FLEET_OIDC_ISSUER: issuer, FLEET_OIDC_AUDIENCE: audience } = values;
  if (!issuer || !audience) return null;
  return {
    ...{ issuer, audience, jwksUri: values.FLEET_OIDC_JWKS_URI ?? null },
    algorithms: values.FLEET_OIDC_ALGORITHMS,
    claims: { name: values.FLEET_OIDC_NAME_CLAIM, groups: values.FLEET_OIDC_GROUPS_CLAIM },
  };
}

/** How people sign in at the issuer in the documentation's pages; null: they do not. */
export function signInOf(values: Values) {
  const { FLEET_OIDC_ISSUER: issuer, FLEET_OIDC_CLIENT_ID: clientId } = values;
  if (!issuer || !clientId) return null;
  return { clientId, scopes: values.FLEET_OIDC_SCOPES };
}

/** https, or http where nothing leaves the machine; null for any other, and with a user name or password. */
function guardedUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || url.username || url.password) return null;
  const isLocal =
    url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? url : null;
}
