export { TEMPLATE_EVENTS } from './domain/template-events';
export { TEMPLATE_DEFINITION } from './persistence/template-definition';
export { TemplatesModule } from './templates.module';
export { TemplatesSchedules } from './application/templates.schedules';
