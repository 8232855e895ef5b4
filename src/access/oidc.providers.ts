import { Logger, type Provider } from '@nestjs/common';
import { AggregateDirectory, AggregateStores, checkedProvider, EventDecoder } from '../event-store';
import { SignIn } from '../http';
import { MachineClock } from '../kernel/clocks';
import { isLoopbackUrl } from '../kernel/loopback';
import { PersonAuthenticator } from './application/oidc/person-authenticator';
import { RoleBindingDirectory } from './application/oidc/role-binding-directory';
import { AccessTokens, RoleBindingRepository } from './domain/oidc/oidc-ports';
import { type RoleBinding, type RoleBindingState } from './domain/oidc/role-binding';
import { TokenAuthenticator } from './domain/rights-ports';
import { Documents } from './oidc/documents';
import { IssuerDocuments, type IssuerPlace } from './oidc/issuer-documents';
import { IssuerKeys } from './oidc/issuer-keys';
import { IssuerSignIn, type SignInOptions } from './oidc/issuer-sign-in';
import { JoseAccessTokens, type TokenRules } from './oidc/jose-access-tokens';
import { EventSourcedRoleBindingRepository } from './persistence/event-sourced.role-binding-repository';
import { ROLE_BINDING_DEFINITION } from './persistence/role-binding-definition';

/** The issuer whose access tokens are taken. */
export type OidcOptions = IssuerPlace & TokenRules;

const logger = new Logger('Access');

/** The role bindings: they are kept whether tokens are taken or not. */
export function bindingProviders(): Provider[] {
  return [
    checkedProvider(
      AggregateDirectory<RoleBinding, RoleBindingState>,
      [EventDecoder],
      (decoder) =>
        new AggregateDirectory(ROLE_BINDING_DEFINITION, decoder, (err, during) =>
          logger.error({ err }, `failed to ${during}`),
        ),
    ),
    checkedProvider(
      RoleBindingDirectory,
      [AggregateDirectory<RoleBinding, RoleBindingState>],
      (bindings) => new RoleBindingDirectory(bindings),
    ),
    checkedProvider(
      RoleBindingRepository,
      [AggregateStores, RoleBindingDirectory],
      (stores, directory) =>
        new EventSourcedRoleBindingRepository(
          stores.open(ROLE_BINDING_DEFINITION, (_commit, _events, binding) => directory.put(binding)),
        ),
    ),
  ];
}

/** Who recognises the issuer's tokens. */
export function tokenProviders(options: OidcOptions): Provider[] {
  return [
    {
      provide: Documents,
      useFactory: () => new Documents({ local: isLoopbackUrl(options.issuer) }),
    },
    checkedProvider(IssuerDocuments, [Documents], (documents) => new IssuerDocuments(options, documents)),
    checkedProvider(
      IssuerKeys,
      [IssuerDocuments],
      (documents) => new IssuerKeys(() => documents.keys(), reportKeys),
    ),
    checkedProvider(
      AccessTokens,
      [IssuerKeys],
      (keys) =>
        new JoseAccessTokens(options, keys, (err) =>
          logger.warn({ err }, 'a key of the identity provider cannot be used'),
        ),
    ),
    checkedProvider(
      TokenAuthenticator,
      [AccessTokens, RoleBindingDirectory, MachineClock],
      (tokens, bindings, clock) => new PersonAuthenticator(tokens, bindings, clock),
    ),
  ];
}

/** How people sign in at the issuer in Swagger UI. */
export function signInProvider(options: SignInOptions & Pick<IssuerPlace, 'issuer'>): Provider {
  return checkedProvider(
    SignIn,
    [IssuerDocuments, MachineClock],
    (documents, clock) =>
      new IssuerSignIn(options, documents, clock, (err) =>
        logger.warn({ err }, 'the identity provider does not tell where people sign in'),
      ),
  );
}

function reportKeys(err: unknown): void {
  if (err === null) logger.log('the identity provider tells its keys again');
  else
    logger.warn(
      { err },
      'the identity provider does not tell its keys: those that are known go on for a day',
    );
}
