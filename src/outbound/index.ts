export { BlockedTarget, checkedLookup, type Resolve, systemResolve } from './checked-lookup';
export { type AddressPolicy, guardedConnector } from './guarded-connector';
export { isOtherMachine } from './other-machine';
