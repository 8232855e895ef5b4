export { AccessModule } from './access.module';
export { NoFirstKey } from './application/bootstrap-admin';
