import { type Response } from 'express';
import { type RenderedPage } from './link-page';

/** A page of its own loads nothing, is shown in no frame, and sends its form nowhere else. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Nothing keeps it, and nobody learns where it was shown. */
export function sendPage(response: Response, { status, html }: RenderedPage): void {
  response
    .status(status)
    .set({
      'Content-Security-Policy': PAGE_POLICY,
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'X-Robots-Tag': 'noindex, nofollow',
    })
    .type('html')
    .send(html);
}
