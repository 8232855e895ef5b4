import {
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { AggregateDirectory, DirectoryFeed, EventRegistry } from '../event-store';
import { MachineClock } from '../kernel/clocks';
import { RoleBindingsController } from './api/role-bindings.controller';
import { CreateRoleBindingHandler } from './application/oidc/create-role-binding.command';
import { DeleteRoleBindingHandler } from './application/oidc/delete-role-binding.command';
import { GetRoleBindingHandler } from './application/oidc/get-role-binding.query';
import { ListRoleBindingsHandler } from './application/oidc/list-role-bindings.query';
import { type RoleBinding, type RoleBindingState } from './domain/oidc/role-binding';
import { ROLE_BINDING_EVENTS } from './domain/oidc/role-binding-events';
import { TokenAuthenticator } from './domain/rights-ports';
import { bindingProviders, type OidcOptions, signInProvider, tokenProviders } from './oidc.providers';
import { Documents } from './oidc/documents';
import { IssuerKeys } from './oidc/issuer-keys';
import { type SignInOptions } from './oidc/issuer-sign-in';

/**
 * Persons who come with an access token of an OpenID Connect issuer, and what their groups may do. The clocks, the event
 * store and the buses are the root's to provide.
 */
@Module({})
export class OidcModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly registry: EventRegistry,
    private readonly feed: DirectoryFeed,
    private readonly bindings: AggregateDirectory<RoleBinding, RoleBindingState>,
    private readonly clock: MachineClock,
    @Optional() private readonly keys?: IssuerKeys,
    @Optional() private readonly documents?: Documents,
  ) {}

  /**
   * @param issuer null: no access tokens are taken, and bindings give nothing
   * @param signIn null: nobody signs in at it on our pages
   */
  static forRoot(issuer: OidcOptions | null, signIn: SignInOptions | null = null): DynamicModule {
    return {
      module: OidcModule,
      controllers: [RoleBindingsController],
      providers: [
        ...[CreateRoleBindingHandler, DeleteRoleBindingHandler],
        ...[GetRoleBindingHandler, ListRoleBindingsHandler],
        ...bindingProviders(),
        ...(issuer ? tokenProviders(issuer) : []),
        ...(issuer && signIn ? [signInProvider({ ...signIn, issuer: issuer.issuer })] : []),
      ],
      exports: issuer ? [TokenAuthenticator] : [],
    };
  }

  onModuleInit(): void {
    this.registry.register(ROLE_BINDING_EVENTS);
  }

  /** The first person need not wait for the keys; an issuer that does not answer holds up no start. */
  async onApplicationBootstrap(): Promise<void> {
    void this.keys?.refreshed(this.clock.now());
    await this.feed.fill(this.bindings);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.documents?.close();
  }
}
