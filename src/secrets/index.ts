export { SecretVault, type KeptSecret } from './secret-vault';
export { SecretsModule } from './secrets.module';
