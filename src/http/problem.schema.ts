import { type OpenAPIObject } from '@nestjs/swagger';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** The problem document in the OpenAPI document; answers refer to it by `PROBLEM_REF`. */
export const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  description: 'RFC 9457 problem details. Some codes have further members.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'correlationId'],
  properties: {
    type: { type: 'string', description: 'leads to a page that explains the code' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'what is wrong this time' },
    instance: { type: 'string', description: 'path of the request' },
    code: { type: 'string', description: 'stable: branch on it' },
    correlationId: { type: 'string', description: 'as in X-Correlation-Id and in the log' },
    errors: {
      type: 'array',
      description: 'for `invalid-input`: each thing that is wrong',
      items: {
        type: 'object',
        required: ['pointer', 'message'],
        properties: {
          pointer: {
            type: 'string',
            description: 'JSON pointer: /name, /query/limit, /path/id, /headers/If-Match',
          },
          message: { type: 'string' },
        },
      },
    },
  },
};

export const PROBLEM_REF = { $ref: '#/components/schemas/Problem' };
