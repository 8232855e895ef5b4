import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { BEARER_SCHEME } from './access.decorators';
import { documentProblems, type Operation } from './operation-problems';
import { PROBLEM_SCHEMA } from './problem.schema';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Fleet manager for Cisco Modeling Labs workers on AWS.

Every route but the health checks needs an API key: \`Authorization: Bearer <key>\`. Errors are RFC 9457 problem
documents. Each answer has an \`X-Correlation-Id\`, which you may choose. A POST with an \`Idempotency-Key\` can be
repeated safely for 24 hours. Times are RFC 3339 in UTC; \`null\` means unknown.`;

/** Without an example: Swagger UI would send it with every request that somebody tries, as if each were a repetition. */
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes a repetition safe: the same key and body get the same answer for 24 hours',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
};

/** The OpenAPI document of all controllers; works in Nest's preview mode, too. */
export function openApiDocument(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('cml-fleet')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' }, BEARER_SCHEME)
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) complete(operation, method);
    }
  }
  return document;
}

function complete(operation: Operation, method: string): void {
  documentProblems(operation, method);
  if (method === 'post') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
}

/** Swagger UI at /docs and the document at /docs/openapi.json, open to everybody. */
export function serveDocs(app: INestApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'cml-fleet API',
    swaggerOptions: { persistAuthorization: true },
  });
}
