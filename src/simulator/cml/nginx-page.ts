const TITLES: Readonly<Record<number, string>> = {
  404: '404 Not Found',
  413: '413 Request Entity Too Large',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
};

/** The status codes that nginx, in front of CML, answers by itself. */
export const NGINX_STATUSES: readonly number[] = Object.keys(TITLES).map(Number);

/** nginx' own page for an error status. */
export function nginxPage(status: number): string {
  const title = TITLES[status] ?? String(status);
  return (
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'
  );
}
