export { SecretUnreadable, SecretVault } from './secret-vault';
export { SecretsModule } from './secrets.module';
