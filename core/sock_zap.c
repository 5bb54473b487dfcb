/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CURVE, and who may use it. libzmq lets any key in when nobody answers on the ZAP endpoint, so a CURVE server is
 * opened only while our handler runs, and the handler's death is the process's: a supervisor starts it again. The
 * handler is one thread with a table of keys it may only read (allow). The self-test knocks with a key nobody
 * knows and wants to see it refused by the handler itself, not by some other mishap.
 */
#include "clock.h"
#include "log.h"
#include "mem.h"
#include "sock_parts.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { KEY_BYTES = 32, Z85_BYTES = 41, SELFTEST_MS = 5000, SELFTEST_STEP_MS = 250 };
enum zap_frame { ZAP_VERSION, ZAP_REQUEST, ZAP_DOMAIN, ZAP_ADDRESS, ZAP_ROUTING, ZAP_MECHANISM, ZAP_KEY, ZAP_FRAMES };

static struct {
	void *raw;
	pthread_t thread;
	bool runs, provisioning;
	bool (*allow)(const char *public_key, const char *domain, void *ctx);
	void *ctx;
	/* The self-test's pair, made before the thread; the handler met it and refused. */
	char stranger_public[Z85_BYTES], stranger_secret[Z85_BYTES];
	atomic_int stranger_refused;
} zap;

/* Printed in libzmq's manual, so known to everybody. */
static const char *const manual_keys[] = {
	"Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
	"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6",
};

struct zap_request {
	size_t count;
	struct {
		uint8_t data[256];
		size_t bytes;
	} frame[ZAP_FRAMES];
};

static void zap_fault(const char *what)
{
	log_error("zap_died", "at=%s errno=%d", what, zmq_errno());
	_exit(71);
}

/* false: the context ends. A request of too many or too long frames is read to its end and has count ZAP_FRAMES + 1. */
static bool zap_receive(struct zap_request *r)
{
	int more = 1;
	size_t n = sizeof(more);

	r->count = 0;
	while (more) {
		uint8_t data[sizeof(r->frame[0].data)];
		int got = zmq_recv(zap.raw, data, sizeof(data), 0);

		if (got < 0 && zmq_errno() == ETERM)
			return false;
		if (got < 0 && zmq_errno() == EINTR)
			continue;
		if (got < 0 || zmq_getsockopt(zap.raw, ZMQ_RCVMORE, &more, &n))
			zap_fault("receive");
		if (r->count < ZAP_FRAMES && (size_t)got < sizeof(data)) {
			memcpy(r->frame[r->count].data, data, (size_t)got);
			r->frame[r->count].data[got] = 0;
			r->frame[r->count++].bytes = (size_t)got;
		} else {
			r->count = ZAP_FRAMES + 1;
		}
	}
	return true;
}

static bool zap_frame_is(const struct zap_request *r, enum zap_frame i, const char *text)
{
	return r->frame[i].bytes == strlen(text) && !memcmp(r->frame[i].data, text, strlen(text));
}

static const char *zap_decide(const struct zap_request *r)
{
	const char *domain = (const char *)r->frame[ZAP_DOMAIN].data;
	char key[Z85_BYTES];

	if (r->count != ZAP_FRAMES || !zap_frame_is(r, ZAP_VERSION, "1.0") || !zap_frame_is(r, ZAP_MECHANISM, "CURVE"))
		return "400";
	if (r->frame[ZAP_KEY].bytes != KEY_BYTES || !zmq_z85_encode(key, r->frame[ZAP_KEY].data, KEY_BYTES))
		return "400";
	if (zap.allow(key, domain, zap.ctx))
		return "200";
	if (!strcmp(key, zap.stranger_public))
		atomic_store(&zap.stranger_refused, 1);
	else
		log_warn("curve_refused", "role=%s", domain);
	return zap.provisioning ? "300" : "400";
}

static bool zap_answer(const struct zap_request *r, const char *status)
{
	const char *words = status[0] == '2' ? "OK" : "key not known here";
	bool named = r->count >= ZAP_REQUEST + 1;
	const void *request = named ? (const void *)r->frame[ZAP_REQUEST].data : "";
	const struct {
		const void *data;
		size_t bytes;
	} parts[] = { { "1.0", 3 }, { request, named ? r->frame[ZAP_REQUEST].bytes : 0 }, { status, 3 },
		      { words, strlen(words) }, { "", 0 }, { "", 0 } };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		int flags = i + 1 < ARRAY_LEN(parts) ? ZMQ_SNDMORE : 0;

		while (zmq_send(zap.raw, parts[i].data, parts[i].bytes, flags) < 0) {
			if (zmq_errno() == ETERM)
				return false;
			if (zmq_errno() != EINTR)
				zap_fault("answer");
		}
	}
	return true;
}

static void *zap_run(void *unused)
{
	struct zap_request request;

	(void)unused;
	while (zap_receive(&request) && zap_answer(&request, zap_decide(&request)))
		;
	zmq_close(zap.raw);
	return NULL;
}

int sock_zap_start(bool (*allow)(const char *public_key, const char *domain, void *ctx), void *ctx, bool provisioning)
{
	static const int at_once = 0;
	sigset_t every, before;
	int rc;

	if (zap.runs)
		return -EALREADY;
	zap.raw = sock_context() ? zmq_socket(sock_context(), ZMQ_REP) : NULL;
	if (!zap.raw)
		return -zmq_errno();
	zap.allow = allow;
	zap.ctx = ctx;
	zap.provisioning = provisioning;
	sock_curve_keypair(zap.stranger_public, zap.stranger_secret);
	if (zmq_setsockopt(zap.raw, ZMQ_LINGER, &at_once, sizeof(at_once)) ||
	    zmq_bind(zap.raw, "inproc://zeromq.zap.01")) {
		rc = -zmq_errno();
		zmq_close(zap.raw);
		return rc;
	}
	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	rc = pthread_create(&zap.thread, NULL, zap_run, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc)
		zmq_close(zap.raw);
	zap.runs = !rc;
	return -rc;
}

bool sock_zap_runs(void)
{
	return zap.runs;
}

void sock_zap_join(void)
{
	if (zap.runs)
		pthread_join(zap.thread, NULL);
	zap.runs = false;
}

static int key_set(void *raw, int option, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(manual_keys); i++)
		if (!strcmp(key, manual_keys[i]))
			return sock_refuse("A CURVE key is the one printed in libzmq's manual: make your own.");
	if (strlen(key) != Z85_BYTES - 1 || zmq_setsockopt(raw, option, key, Z85_BYTES))
		return sock_refuse("A CURVE key is not 40 characters of Z85.");
	return 0;
}

int sock_curve_apply(void *raw, const struct sock_curve *curve, const char *domain)
{
	static const int on = 1;
	int rc;

	if (curve->server != (domain != NULL))
		return sock_refuse("CURVE keys of a %s were given to the other side.",
		                   curve->server ? "server" : "client");
	if (!curve->server) {
		rc = key_set(raw, ZMQ_CURVE_SERVERKEY, curve->server_key);
		if (!rc)
			rc = key_set(raw, ZMQ_CURVE_PUBLICKEY, curve->public_key);
		return rc ? rc : key_set(raw, ZMQ_CURVE_SECRETKEY, curve->secret_key);
	}
	if (!zap.runs) {
		log_error("curve_refused", "why=no_zap_handler");
		return -EPERM;
	}
	if (zmq_setsockopt(raw, ZMQ_CURVE_SERVER, &on, sizeof(on)) ||
	    (domain[0] && zmq_setsockopt(raw, ZMQ_ZAP_DOMAIN, domain, strlen(domain))))
		return -zmq_errno();
	return key_set(raw, ZMQ_CURVE_SECRETKEY, curve->secret_key);
}

void sock_curve_keypair(char public_key[41], char secret_key[41])
{
	int rc = zmq_curve_keypair(public_key, secret_key);

	assert(!rc);
	(void)rc;
}

/* Every address of the machine is a place to bind, not to go to. */
static char *reachable(const char *endpoint)
{
	static const char *const any[] = { "tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:" };

	for (size_t i = 0; i < ARRAY_LEN(any); i++)
		if (!strncmp(endpoint, any[i], strlen(any[i])))
			return mem_format("tcp://127.0.0.1:%s", endpoint + strlen(any[i]));
	return mem_text(endpoint);
}

/* Blocks until news other than NONE, or the deadline. */
static enum sock_news_kind knock(struct sock *s, int64_t most_ms)
{
	const int64_t until = clock_mono_ms() + most_ms;
	enum sock_news_kind news;

	while ((news = sock_news_next(s)) == SOCK_NEWS_NONE) {
		zmq_pollitem_t item = { .socket = sock_raw(sock_news(s)), .events = ZMQ_POLLIN };
		int64_t left = until - clock_mono_ms();
		int got = left > 0 ? zmq_poll(&item, 1, left) : 0;

		if (got == 0 || (got < 0 && zmq_errno() != EINTR))
			break;
	}
	return news;
}

/* libzmq leaves who was answered 300 hanging, without a word: no news then, so ask the handler every now and then. */
static enum sock_news_kind knock_until_answered(struct sock *s)
{
	enum sock_news_kind news = SOCK_NEWS_NONE;

	for (int waited = 0; waited < SELFTEST_MS && news == SOCK_NEWS_NONE; waited += SELFTEST_STEP_MS) {
		bool refused = atomic_load(&zap.stranger_refused);

		news = knock(s, SELFTEST_STEP_MS);
		if (refused && news == SOCK_NEWS_NONE)
			return SOCK_NEWS_DOWN;
	}
	return news;
}

int sock_curve_selftest(const char *endpoint, const char *server_public)
{
	AUTO(mem_free) char *where = reachable(endpoint);
	AUTO(sock_abandon) struct sock *s = NULL;
	struct sock_curve stranger = { 0 };
	enum sock_news_kind news;
	int rc;

	if (!zap.runs)
		return -EPERM;
	memcpy(stranger.public_key, zap.stranger_public, Z85_BYTES);
	memcpy(stranger.secret_key, zap.stranger_secret, Z85_BYTES);
	snprintf(stranger.server_key, sizeof(stranger.server_key), "%s", server_public);
	atomic_store(&zap.stranger_refused, 0);
	rc = sock_connect_once(where, &stranger, &s);
	if (rc)
		return rc < 0 ? rc : -EINVAL;
	news = knock_until_answered(s);
	if (news == SOCK_NEWS_UP) {
		log_error("curve_selftest", "let_in=1");
		return 1;
	}
	if (news == SOCK_NEWS_NONE)
		return -ETIMEDOUT;
	return atomic_load(&zap.stranger_refused) ? 0 : -EPROTO;
}
