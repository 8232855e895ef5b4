import { UnsupportedMediaTypeException } from '@nestjs/common';
import { type RequestHandler } from 'express';

/** Refuses bodies that are not JSON: the body parser would pass over them, and the route would see no body at all. */
export const onlyJsonBodies: RequestHandler = (request, _response, next) => {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || Number(length ?? 0) > 0;
  if (hasBody && !request.is('application/json')) {
    throw new UnsupportedMediaTypeException('Send the body as application/json.');
  }
  next();
};
