/*
 * What lighttpd lacks as an edge, where its own timeouts count nothing but idleness:
 *
 * - A client that sends a little every second is cut: a request header has 15 seconds, a body 15 seconds and one more
 *   for each 500 bytes that came.
 * - A client that does not take what is there for it is cut after 15 seconds, while one that waits for its node is not.
 * - The access log learns which node answered (%{node}e).
 *
 * A connection is cut by making it look idle: the checks of lighttpd run right after this hook, every second.
 */
/* What lighttpd's configure finds on Debian, as far as its headers ask. */
#define _GNU_SOURCE
#define HAVE_GMTIME_R 1
#define HAVE_LOCALTIME_R 1
#define HAVE_PCRE2_H 1
#define HAVE_SOCKLEN_T 1
#define HAVE_STDINT_H 1
#define HAVE_SYS_TIME_H 1
#define HAVE_SYS_UN_H 1
#define HAVE_TIMEGM 1
#include "first.h"

#include <string.h>

#include "base.h"
#include "gw_backend.h"
#include "http_header.h"
#include "log.h"
#include "plugin.h"
#include "request.h"

#define PATIENCE 15
#define BYTES_PER_SECOND 500
/* Longer than any timeout that can be configured. */
#define LONG_AGO 65536

typedef struct {
    PLUGIN_DATA;
} plugin_data;

INIT_FUNC(mod_slipway_init) {
    return ck_calloc(1, sizeof(plugin_data));
}

static int slow_header(const connection *con) {
    const request_st * const r = &con->request;
    if (r->state != CON_STATE_READ) return 0;
    /* Between two requests there is no start; the timeout of kept connections is at work. */
    if (con->request_count > 1 && chunkqueue_is_empty(con->read_queue)) return 0;
    return log_epoch_secs - r->start_hp.tv_sec > PATIENCE;
}

static int slow_body(const request_st *r) {
    if (r->state != CON_STATE_READ_POST || r->reqbody_length == r->reqbody_queue.bytes_in) return 0;
    return log_epoch_secs - r->start_hp.tv_sec > PATIENCE + r->reqbody_queue.bytes_in / BYTES_PER_SECOND;
}

static int slow_sender(const connection *con) {
    if (con->hx == NULL) return slow_header(con) || slow_body(&con->request);
    for (uint32_t i = 0; i < con->hx->rused; ++i) {
        if (slow_body(con->hx->r[i])) return 1;
    }
    return 0;
}

static int slow_receiver(const connection *con) {
    if (con->write_request_ts == 0 || log_monotonic_secs - con->write_request_ts <= PATIENCE) return 0;
    if (!chunkqueue_is_empty(con->write_queue)) return 1;
    for (uint32_t i = 0; con->hx != NULL && i < con->hx->rused; ++i) {
        if (!chunkqueue_is_empty(&con->hx->r[i]->write_queue)) return 1;
    }
    return 0;
}

TRIGGER_FUNC(mod_slipway_trigger) {
    UNUSED(p_d);
    for (connection *con = srv->conns; con; con = con->next) {
        if (slow_sender(con)) con->read_idle_ts = log_monotonic_secs - LONG_AGO;
        if (slow_receiver(con)) con->write_request_ts = log_monotonic_secs - LONG_AGO;
    }
    return HANDLER_GO_ON;
}

static void note_node(request_st *r) {
    if (r->handler_module == NULL) return;
    const char * const name = r->handler_module->name;
    if (0 != strcmp(name, "fastcgi") && 0 != strcmp(name, "proxy")) return;
    const gw_handler_ctx * const hctx = r->plugin_ctx[((plugin_data *)r->handler_module->data)->id];
    if (hctx == NULL || hctx->host == NULL) return;
    http_header_env_set(r, CONST_STR_LEN("node"), BUF_PTR_LEN(hctx->host->id));
}

REQUEST_FUNC(mod_slipway_response_start) {
    UNUSED(p_d);
    note_node(r);
    return HANDLER_GO_ON;
}

/* The end of an HTTP/2 connection is no request; the access log comes after this hook. */
REQUEST_FUNC(mod_slipway_request_done) {
    UNUSED(p_d);
    return r == &r->con->request && r->con->hx != NULL ? HANDLER_FINISHED : HANDLER_GO_ON;
}

__attribute_cold__
__declspec_dllexport__
int mod_slipway_plugin_init(plugin *p);
int mod_slipway_plugin_init(plugin *p) {
    p->version = LIGHTTPD_VERSION_ID;
    p->name = "slipway";
    p->init = mod_slipway_init;
    p->handle_trigger = mod_slipway_trigger;
    p->handle_response_start = mod_slipway_response_start;
    p->handle_request_done = mod_slipway_request_done;
    return 0;
}
