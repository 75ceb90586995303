// Secrets taken out of texts that others wrote or that are shown.

/** What stands in their place. */
export const hidden = '•••';

/** Shorter values are no secrets that could be found again in a text. */
const leastLength = 3;

/** Replaces these values, and how they look in URLs, forms, JSON and HTML, by `•••`. */
export function secretsOut(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= leastLength)
    .flatMap(formsOf)
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((left, secret) => left.replaceAll(secret, hidden), text);
}

function formsOf(secret: string): readonly string[] {
  const percent = encodeURIComponent(secret);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());
  const all = [secret, percent, lower(percent), form, lower(form)];
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [...new Set([...all, quoted, html, html.replaceAll('"', '&quot;')])];
}
