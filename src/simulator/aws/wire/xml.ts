/** A tree of element names; an array repeats its element, and what is undefined is left out. */
export type Xml =
  string | number | boolean | undefined | RawXml | readonly Xml[] | { readonly [name: string]: Xml };
export type XmlElements = { readonly [name: string]: Xml };

/** What is written already: the inside of an element, to be taken as it is. */
export class RawXml {
  constructor(readonly text: string) {}
}

/** Writes a document; by hand, since a page of a thousand instances must not take a good part of a second. */
export function toXml(root: XmlElements, namespace?: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${inside(root, namespace)}`;
}

/** Writes the inside of an element once for many documents. */
export function rawXml(elements: XmlElements): RawXml {
  return new RawXml(inside(elements));
}

/** A list as EC2 writes it: `<item>` by `<item>` within the element that holds it. */
export function items<T>(list: Iterable<T>, one: (value: T) => Xml): Xml {
  return { item: Array.from(list, one) };
}

function inside(elements: XmlElements, namespace?: string): string {
  let text = '';
  for (const name in elements) text += element(name, elements[name], namespace);
  return text;
}

function element(name: string, value: Xml, namespace?: string): string {
  if (value === undefined) return '';
  if (isList(value)) {
    let text = '';
    for (const one of value) text += element(name, one);
    return text;
  }
  const body = bodyOf(value);
  const start = namespace === undefined ? name : `${name} xmlns="${namespace}"`;
  return body === '' ? `<${start}/>` : `<${start}>${body}</${name}>`;
}

function bodyOf(value: Exclude<Xml, undefined | readonly Xml[]>): string {
  if (value instanceof RawXml) return value.text;
  return typeof value === 'object' ? inside(value) : escaped(String(value));
}

function isList(value: Xml): value is readonly Xml[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  // Most texts need nothing: the search is cheaper than a replacement.
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`) : text;
}
