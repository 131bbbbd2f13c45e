/**
 * The parameters of a query string, a list where one is given more than once. What cannot be decoded becomes an unpaired
 * surrogate, which no parameter allows: the validator then names the parameter, where throwing would only say that
 * something is wrong.
 */
export function parseQueryString(text: string): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = Object.create(null);
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals)) ?? '\ufffd';
    const value = equals === -1 ? '' : (decode(pair.slice(equals + 1)) ?? UNDECODABLE);
    const earlier = parameters[name];
    // To copy the list for each would take seconds for a target full of one name.
    if (Array.isArray(earlier)) earlier.push(value);
    else parameters[name] = earlier === undefined ? value : [earlier, value];
  }
  return parameters;
}

const UNDECODABLE = '\ud800';

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
