import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isLoopbackUrl } from '../../kernel/loopback';
import { DocumentUnavailable, type Documents } from './documents';

const discovery = z.object({
  issuer: z.string(),
  jwks_uri: z.url(),
  authorization_endpoint: z.url().optional(),
  token_endpoint: z.url().optional(),
});

/** What an issuer tells of itself (OpenID Connect Discovery, 3). */
export type Discovery = z.output<typeof discovery>;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** Where the issuer's keys are when its discovery document is not to be asked; null: it is. */
export interface IssuerPlace {
  /** exactly as its tokens have it */
  readonly issuer: string;
  readonly jwksUri: string | null;
}

/** The documents that an issuer publishes. Both methods throw DocumentUnavailable. */
export class IssuerDocuments {
  constructor(
    private readonly place: IssuerPlace,
    private readonly documents: Documents,
  ) {}

  /** The keys that tokens are signed with now. */
  async keys(): Promise<JWTVerifyGetKey> {
    const url = this.place.jwksUri ?? (await this.discover()).jwks_uri;
    const found = keySet.safeParse(await this.documents.get(url));
    if (!found.success) throw new DocumentUnavailable(url, 'answers no key set');
    return createLocalJWKSet(found.data);
  }

  async discover(): Promise<Discovery> {
    const { issuer } = this.place;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = discovery.safeParse(await this.documents.get(url));
    if (!found.success) throw new DocumentUnavailable(url, 'answers no discovery document');
    if (found.data.issuer !== issuer) throw new DocumentUnavailable(url, 'is of another issuer');
    // what comes over https does not send us to this machine's own services
    if (new URL(issuer).protocol === 'https:' && isLoopbackUrl(found.data.jwks_uri)) {
      throw new DocumentUnavailable(url, 'names keys on this machine');
    }
    return found.data;
  }
}
