"""Has an administration everywhere: every path is answered, with what reached the application of it and a cookie."""


def application(environ, start_response):
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Set-Cookie", "plain=1; Path=/; HttpOnly"),
        ("Set-Cookie", "secured=1; secure; Path=/"),
    ]
    start_response("200 OK", headers)
    return [f"reached {environ['PATH_INFO']}".encode("utf-8", "replace")]
