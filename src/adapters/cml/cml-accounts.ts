import { type Secret } from '../../kernel/secret';
import { type SecretVault, SecretUnreadable } from '../../secrets';
import { CmlError, type CmlServer } from '../../telemetry';

export interface Credentials {
  readonly username: string;
  readonly password: Secret;
}

/** Whom we log in as on one server. */
export interface CmlAccount {
  readonly username: string;
  /** what a person must do when the server does not take it */
  readonly remedy: string;
  /**
   * Looked up for each login, and kept by nobody.
   * @throws CmlError `credentials` where there is none that can be used; `not-ready` while the vault cannot be asked
   */
  password(): Promise<Secret>;
}

/** Which account is used on which server: the server's own, whose password is in the vault, or the fleet's. */
export class CmlAccounts {
  /** @param fleet null: there is none, and only servers with an account of their own are let in to */
  constructor(
    private readonly fleet: Credentials | null,
    private readonly vault: Pick<SecretVault, 'reveal'>,
  ) {}

  of({ credentials, host }: CmlServer): CmlAccount {
    if (credentials) {
      const { username, passwordRef } = credentials;
      const remedy = `Give the server ${host} the credentials of an account that works.`;
      return { username, remedy, password: () => this.kept(passwordRef, username, remedy) };
    }
    const remedy =
      'Check FLEET_CML_USERNAME and FLEET_CML_PASSWORD, or give the server credentials of its own.';
    const { fleet } = this;
    return { username: fleet?.username ?? '', remedy, password: () => fleetPassword(fleet) };
  }

  private async kept(ref: string, username: string, remedy: string): Promise<Secret> {
    const password = await this.reveal(ref, username, remedy);
    if (password) return password;
    throw new CmlError(
      'credentials',
      `The password of the account "${username}" is not in the vault any more. ${remedy}`,
    );
  }

  private async reveal(ref: string, username: string, remedy: string): Promise<Secret | null> {
    try {
      return await this.vault.reveal(ref);
    } catch (cause) {
      const lost = cause instanceof SecretUnreadable;
      const why = cause instanceof Error ? cause.message : 'unknown error';
      const message = `The password of the account "${username}" cannot be read from the vault: ${why.replace(/[.]?$/, '.')}`;
      // what passes by itself must look like that to those who ask: they come again, and nobody is called
      throw new CmlError(
        lost ? 'credentials' : 'not-ready',
        `${message} ${lost ? remedy : 'Try again.'}`,
        null,
        { cause },
      );
    }
  }
}

function fleetPassword(fleet: Credentials | null): Promise<Secret> {
  if (fleet) return Promise.resolve(fleet.password);
  const message =
    'There is no account for CML servers. Set FLEET_CML_USERNAME and FLEET_CML_PASSWORD, or give the server credentials of its own.';
  return Promise.reject(new CmlError('credentials', message));
}
