export { AccessModule } from './access.module';
export { NoFirstKey } from './application/bootstrap-admin';
export { API_KEY_EVENTS } from './domain/api-key-events';
export {
  AssignedGrants,
  type AssignedWorker,
  type MoreRights,
  RightsDetails,
  TokenAuthenticator,
} from './domain/rights-ports';
export { API_KEY_DEFINITION } from './persistence/api-key-definition';
export { API_KEY_UPCASTERS } from './persistence/api-key-upcasters';
export { API_KEY_USES } from './persistence/key-usage.mongo';
export { OidcModule } from './oidc.module';
export { ROLE_BINDING_EVENTS } from './domain/oidc/role-binding-events';
export { ROLE_BINDING_DEFINITION } from './persistence/role-binding-definition';
