export { givenValues } from './api/policy-input.schemas';
export { type ClientsValues } from './application/given-values';
export { PolicyDrafts } from './application/policy-drafts';
export { PoliciesSchedules } from './application/policies.schedules';
export { POLICY_EVENTS } from './domain/policy-events';
export { POLICY_DEFINITION } from './persistence/policy-definition';
export { PoliciesModule } from './policies.module';
