import { type OpenAPIObject } from '@nestjs/swagger';

const SCHEME = 'access-token';

/** Where a browser is sent to sign in, and where it changes the code that it comes back with for a token. */
export interface SignInEndpoints {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
}

/** How people sign in at their identity provider in Swagger UI. Bound by whoever takes its access tokens. */
export abstract class SignIn {
  /** which Swagger UI is at the provider: a public client, which has no secret */
  abstract readonly clientId: string;
  /** what it asks the provider for */
  abstract readonly scopes: readonly string[];
  /** of the provider: the only other server that the page talks to */
  abstract readonly origin: string;

  /** Null while the provider does not tell. */
  abstract endpoints(): Promise<SignInEndpoints | null>;
}

/** The document with an access token as another way to call each operation that needs a key. */
export async function withSignIn(document: OpenAPIObject, signIn: SignIn): Promise<OpenAPIObject> {
  const endpoints = await signIn.endpoints();
  if (!endpoints) return document;
  const scopes = Object.fromEntries(signIn.scopes.map((scope) => [scope, '']));
  const changed = structuredClone(document);
  changed.components = {
    ...changed.components,
    securitySchemes: {
      ...changed.components?.securitySchemes,
      [SCHEME]: {
        type: 'oauth2',
        description: 'An access token of your identity provider',
        flows: { authorizationCode: { ...endpoints, scopes } },
      },
    },
  };
  for (const operation of Object.values(changed.paths).flatMap((item) => Object.values(item) as unknown[])) {
    addScheme(operation as { security?: Record<string, string[]>[] }, signIn.scopes);
  }
  return changed;
}

function addScheme(operation: { security?: Record<string, string[]>[] }, scopes: readonly string[]): void {
  if (operation.security) operation.security = [...operation.security, { [SCHEME]: [...scopes] }];
}
