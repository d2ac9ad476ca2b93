// Code that a report shows, without the passwords that its author wrote into it: reports end up in logs of CI jobs and in
// the cache.

/** Of a password: in a URL, the value of a name that says so, the text of a file called so. A key may be a name. */
const secrets: readonly RegExp[] = [
  /(?<=:\/\/[^/@\s"']*:)[^/@\s"'$]+(?=@)/g,
  /(?<=(?:pass|password|passphrase|secret|token)"?\s*=\s*")(?:[^"$/]|\$(?!\{))(?:[^"$]|\$(?!\{))*/gi,
  /(?<=key"?\s*=\s*")[\w+/=-]{20,}(?=")/gi,
  /(?<=(?:writeText|toFile)\s+"[^"]*(?:pass|secret|token|key|credential)[^"]*"\s+")(?:[^"$]|\$(?!\{))+/gi,
];

/** As long as it was, so that carets point at what they did. */
export function hideSecrets(line: string): string {
  return secrets.reduce((text, secret) => text.replace(secret, (found) => "*".repeat(found.length)), line);
}
