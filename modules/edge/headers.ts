/** What a visitor may claim about the way to the site, and no application may believe. */
export const CLAIMED_HEADERS = [
  "Forwarded",
  "X-Forwarded-Host",
  "X-Forwarded-Server",
  "X-PY4WEB-APPNAME",
  "X-Script-Name",
  "X-Forwarded-Prefix",
  "X-Forwarded-Port",
  "X-Forwarded-Ssl",
  "X-Forwarded-Scheme",
  "X-Real-IP",
  "Proxy",
] as const;

/** What an answer has unless the application said it itself. */
export const ANSWER_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "X-Frame-Options": "SAMEORIGIN",
  "Content-Security-Policy": "base-uri 'self'; object-src 'none'; frame-ancestors 'self'",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
} as const;
