/** What an edge says with each answer of an application that does not say it itself. */
export function responseHeaders(indent = ""): string {
  return [
    "# What an application says of its software is nobody's business.",
    "Header always unset X-Powered-By",
    "Header unset X-Powered-By",
    "Header unset Server",
    "# What it says else stays.",
    `Header always set X-Content-Type-Options nosniff "expr=-z resp('X-Content-Type-Options')"`,
    `Header always set Referrer-Policy strict-origin-when-cross-origin "expr=-z resp('Referrer-Policy')"`,
    `Header always set X-Frame-Options SAMEORIGIN "expr=-z resp('X-Frame-Options')"`,
    `Header always set Content-Security-Policy "base-uri 'self'; object-src 'none'; frame-ancestors 'self'" "expr=-z resp('Content-Security-Policy')"`,
    `Header always set Permissions-Policy "camera=(), geolocation=(), microphone=()" "expr=-z resp('Permissions-Policy')"`,
  ]
    .map((line) => indent + line)
    .join("\n");
}
