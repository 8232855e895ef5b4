import { SignIn, type SignInEndpoints } from '../../http';
import { ageOf, type MachineClock, MINUTE } from '../../kernel/clocks';
import { type IssuerDocuments } from './issuer-documents';

/** How long an answer of the issuer is taken for the present one, also that there is none: anybody may ask for the page. */
const REMEMBERED = MINUTE;

export interface SignInOptions {
  readonly clientId: string;
  readonly scopes: readonly string[];
}

interface Remembered {
  readonly at: Date;
  readonly endpoints: Promise<SignInEndpoints | null>;
}

/** Sign-in at the issuer, where its discovery document says. */
export class IssuerSignIn extends SignIn {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly origin: string;
  private last: Remembered | null = null;

  /** @param report told why the issuer does not tell */
  constructor(
    options: SignInOptions & { readonly issuer: string },
    private readonly documents: Pick<IssuerDocuments, 'discover'>,
    private readonly clock: MachineClock,
    private readonly report: (error: unknown) => void,
  ) {
    super();
    this.clientId = options.clientId;
    this.scopes = options.scopes;
    this.origin = new URL(options.issuer).origin;
  }

  endpoints(): Promise<SignInEndpoints | null> {
    const at = this.clock.now();
    if (!this.last || ageOf(this.last.at, at) >= REMEMBERED) {
      this.last = { at, endpoints: this.discovered() };
    }
    return this.last.endpoints;
  }

  private async discovered(): Promise<SignInEndpoints | null> {
    try {
      const { authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl } =
        await this.documents.discover();
      return authorizationUrl && tokenUrl ? { authorizationUrl, tokenUrl } : null;
    } catch (error) {
      this.report(error);
      return null;
    }
  }
}
