/** Headers, as any Apache of a site has them. */

/** On the way to an application. */
export const CLAIMED = `# What a visitor claims about the way here is replaced, never believed.
RequestHeader unset Forwarded
RequestHeader unset X-Forwarded-Host
RequestHeader unset X-Forwarded-Server
RequestHeader unset X-PY4WEB-APPNAME
RequestHeader unset X-Script-Name
RequestHeader unset X-Forwarded-Prefix
RequestHeader unset X-Forwarded-Port
RequestHeader unset X-Forwarded-Ssl
RequestHeader unset X-Forwarded-Scheme
RequestHeader unset X-Real-IP
RequestHeader unset Proxy
RequestHeader set X-Forwarded-For "expr=%{REMOTE_ADDR}"
RequestHeader set X-Forwarded-Host "expr=%{HTTP_HOST}"`;

/** For a virtual host with TLS. */
export const SECURE_COOKIES = `  # A cookie that an application forgot to keep off plain http.
  Header edit Set-Cookie "(?i)^(?!.*;\\s*secure\\s*(?:;|$))(.*)$" "$1; Secure"
`;
