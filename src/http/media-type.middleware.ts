import { UnsupportedMediaTypeException } from '@nestjs/common';
import { type RequestHandler } from 'express';

/** Where the forms of pages lead, which browsers send in a form of their own. */
const PAGES = /^\/notices\//i;

/** Refuses bodies that are not JSON: the body parser would pass over them, and the route would see no body at all. */
export const onlyJsonBodies: RequestHandler = (request, _response, next) => {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || Number(length ?? 0) > 0;
  const type = PAGES.test(request.path) ? 'application/x-www-form-urlencoded' : 'application/json';
  if (hasBody && !request.is(type)) throw new UnsupportedMediaTypeException(`Send the body as ${type}.`);
  next();
};
