export { OfAllLabs, OfWorker, Public, RequiresRole, Scoped } from './access.decorators';
export {
  Answers,
  AnswersEventStream,
  AnswersNothing,
  AnswersText,
  Problems,
  SecretInAnswer,
} from './answers.decorator';
export { type Finding, titleOf } from './problem';
export { type ProblemCode } from './problem-catalogue';
export { addressKey } from './address-limit';
export { ProblemDetailsFilter } from './problem-details.filter';
export { type AnsweredRequest } from './answered';
export { Authenticator } from './authenticator';
export { Draining } from './draining';
export { Caller, CallerReach } from './caller';
export { Forbidden, ScopeTooSmall } from './request-errors';
export { beginEventStream } from './event-stream';
export { type Grant, type Principal } from '../kernel/principal';
export { CLOUD_EVENT_EXAMPLE, cloudEventView, eventTypes } from './cloud-event.schema';
export { RequestContext } from './command-context';
export { configureHttp } from './configure-http';
export { IfMatch, WithETag } from './etag';
export { type HealthProbe } from './health-probe';
export { HttpModule } from './http.module';
export { oneOrMoreOf } from './one-or-more';
export { openApiDocument } from './openapi';
export { decodeCursor, encodeCursor, page, type Page, pageOf, pageQuery } from './pagination';
export { greatestRole, includesRole, reachOf, ROLES } from '../kernel/principal';
export { limitBy } from './request-state';
export { nestLogger, rootLogger } from './root-logger';
export { answeredScope, givenScope, grantView, scopeView } from './scope.schema';
export { SignIn, type SignInEndpoints } from './sign-in';
export { wholeNumber } from './whole-number';
export { WorkerGate } from './worker-gate';
export { answeredTime, givenTime, pathId } from './time.schema';
