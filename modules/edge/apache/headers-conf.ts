/** Headers, as any Apache of a site has them. */
import { CLAIMED_HEADERS } from "../headers.ts";

/** On the way to an application. */
export const CLAIMED = `# What a visitor claims about the way here is replaced, never believed.
${CLAIMED_HEADERS.map((name) => `RequestHeader unset ${name}\n`).join("")}RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"
RequestHeader set X-Forwarded-Host "expr=%{HTTP_HOST}"`;

/** For a virtual host with TLS. */
export const SECURE_COOKIES = `  # A cookie that an application forgot to keep off plain http.
  Header edit Set-Cookie "(?i)^(?!.*;\\s*secure\\s*(?:;|$))(.*)$" "$1; Secure"
`;
