import { applyDecorators, HttpCode, SerializeOptions, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiResponse } from '@nestjs/swagger';
import { type z } from 'zod';
import { type ProblemCode } from './problem-catalogue';

export const PROBLEM_CODES = 'x-problems';
export const SECRET_FIELDS = 'http:secret-fields';

export interface AnswerDescription {
  /** what the answer is, in the OpenAPI document */
  readonly description: string;
  readonly example?: unknown;
}

/**
 * What a route answers when all goes well: documented, and serialised by the schema, so that a field which the schema
 * lacks never leaves the process. The schema is an object with an id of its own, never an array.
 */
export function Answers(status: number, schema: z.ZodType, { description, example }: AnswerDescription) {
  return applyDecorators(
    HttpCode(status),
    SerializeOptions({ schema }),
    ApiResponse({ status, description, standardSchema: schema, ...(example !== undefined && { example }) }),
  );
}

/** The route answers with events for as long as the client listens (beginEventStream). */
export function AnswersEventStream({ description, example }: AnswerDescription & { example: string }) {
  const content = { 'text/event-stream': { schema: { type: 'string' }, example } };
  return ApiResponse({ status: 200, description, content });
}

/** The route answers text of a type of its own, which its handler sets as the Content-Type. */
export function AnswersText(type: string, { description, example }: AnswerDescription & { example: string }) {
  const content = { [type]: { schema: { type: 'string' }, example } };
  return ApiResponse({ status: 200, description, content });
}

/** The route answers 204, without a body. */
export function AnswersNothing(description: string) {
  return applyDecorators(HttpCode(204), ApiResponse({ status: 204, description }));
}

/** The problems that are the route's own; what every route may answer is documented for it (openapi.ts). */
export function Problems(...codes: ProblemCode[]) {
  return ApiExtension(PROBLEM_CODES, codes);
}

/** These fields of the answer are shown once: an answer that is kept for an Idempotency-Key is kept without them. */
export function SecretInAnswer(...fields: string[]) {
  return SetMetadata(SECRET_FIELDS, fields);
}
