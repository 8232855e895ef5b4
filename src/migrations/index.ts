export { type Migration, type MigrationTurn } from './migration';
export { MIGRATED, MigrationsModule } from './migrations.module';
