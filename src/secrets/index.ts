export { DirectorySecretHolder } from './directory-secret-holder';
export { MongoSecretRows } from './mongo-secret-rows';
export { SecretCipher } from './secret-cipher';
export { type SecretHolder, SecretHolders } from './secret-holders';
export { type RotationResult, SecretRotation } from './secret-rotation';
export { SecretUnreadable, SecretVault } from './secret-vault';
export { SecretsModule } from './secrets.module';
export { SecretsSchedules } from './secrets.schedules';
