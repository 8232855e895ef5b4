import { type INestApplication } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type Request, type RequestHandler } from 'express';
import { BEARER_SCHEME } from './access.decorators';
import { IDEMPOTENCY_KEY_FORM } from './idempotent-request';
import { OPENAPI_TAGS } from './openapi-tags';
import { documentProblems, type Operation } from './operation-problems';
import { PROBLEM_SCHEMA } from './problem.schema';
import { type SignIn, withSignIn } from './sign-in';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Fleet manager for Cisco Modeling Labs workers on AWS.

Every route but the health checks needs an API key, or an access token of the identity provider where one is set up:
\`Authorization: Bearer <key or token>\`. Errors are RFC 9457 problem
documents. Each answer has an \`X-Correlation-Id\`, which you may choose. A POST with an \`Idempotency-Key\` can be
repeated safely for 24 hours. Times are RFC 3339 in UTC; \`null\` means unknown.`;

/** Without an example: Swagger UI would send it with every request that somebody tries, as if each were a repetition. */
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes a repetition safe: the same key and body get the same answer for 24 hours',
  schema: { type: 'string', minLength: 1, maxLength: 128, pattern: IDEMPOTENCY_KEY_FORM.source },
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
  document.tags = OPENAPI_TAGS.map((tag) => ({ ...tag }));
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) complete(operation, method, document);
    }
  }
  return document;
}

/** By the server itself, before the program sees the request: it has no body. */
const TOO_LONG = {
  description: 'The headers, with the address, have more than 16 KiB. The connection ends.',
};

function complete(operation: Operation, method: string, document: OpenAPIObject): void {
  operation.responses['431'] = TOO_LONG;
  documentProblems(operation, method);
  allowNoBody(operation, document);
  if (method === 'post') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
}

/** Nest takes every body for required. One whose schema has a default may be left out. */
function allowNoBody({ requestBody }: Operation, { components }: OpenAPIObject): void {
  if (!requestBody || '$ref' in requestBody) return;
  const given = Object.values(requestBody.content).map(({ schema }) => schema);
  const schemas = given.map((schema) =>
    schema && '$ref' in schema ? components?.schemas?.[schema.$ref.replace(/.*[/]/, '')] : schema,
  );
  if (schemas.every((schema) => schema && 'default' in schema)) requestBody.required = false;
}

/**
 * Swagger UI at /docs and the document at /docs/openapi.json, open to everybody. With a sign-in, the page offers it; the
 * document stays as it is.
 */
export function serveDocs(
  app: NestExpressApplication,
  document: OpenAPIObject,
  signIn: SignIn | null = null,
): void {
  if (signIn) app.use(withSlash);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'cml-fleet API',
    swaggerOptions: { persistAuthorization: true, ...(signIn && { initOAuth: oauthOf(signIn) }) },
    ...(signIn && {
      patchDocumentOnRequest: <Req, Res>(request: Req, _response: Res, given: OpenAPIObject) =>
        isForPage(request) ? withSignIn(given, signIn) : given,
    }),
  });
}

/** Swagger UI has the provider send people back to its own folder, which it takes from the page's address. */
const withSlash: RequestHandler = (request, response, next) => {
  if (request.path === '/docs') response.redirect('docs/');
  else next();
};

/** Whether the document becomes part of the page, rather than a file of its own. */
function isForPage(request: unknown): boolean {
  return (request as Request).path.endsWith('/swagger-ui-init.js');
}

function oauthOf({ clientId, scopes }: SignIn) {
  return { clientId, scopes: [...scopes], usePkceWithAuthorizationCodeGrant: true };
}
