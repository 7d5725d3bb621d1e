/** Headers, as any Apache of a site has them. */
import { ANSWER_HEADERS, CLAIMED_HEADERS } from "../headers.ts";

/** On the way to an application. */
export const CLAIMED = `# What a visitor claims about the way here is replaced, never believed.
${CLAIMED_HEADERS.map((name) => `RequestHeader unset ${name}\n`).join("")}RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"
RequestHeader set X-Forwarded-Host "expr=%{HTTP_HOST}"`;

/** On the way to a visitor: what an edge says with each answer of an application that does not say it itself. */
export function responseHeaders(indent = ""): string {
  return [
    "# What an application says of its software is nobody's business.",
    "Header always unset X-Powered-By",
    "Header unset X-Powered-By",
    "Header unset Server",
    "# What it says else stays.",
    ...Object.entries(ANSWER_HEADERS).map(
      ([name, value]) =>
        `Header always set ${name} ${/[\s;']/.test(value) ? `"${value}"` : value} "expr=-z resp('${name}')"`,
    ),
  ]
    .map((line) => indent + line)
    .join("\n");
}

/** For a virtual host with TLS. */
export const SECURE_COOKIES = `  # A cookie that an application forgot to keep off plain http.
  Header edit Set-Cookie "(?i)^(?!.*;\\s*secure\\s*(?:;|$))(.*)$" "$1; Secure"
`;
