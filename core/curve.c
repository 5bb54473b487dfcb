/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts a room's CURVE keys together from its key file, keys/public and the configuration (which may name another
 * router's key). Called by intake, web and worker before they connect; the router has its own way, being the server.
 */
#include "curve.h"

#include "keyring.h"
#include "mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int server_key(const struct conf *conf, char out[41], char **why)
{
	AUTO(keyring_public_free) struct keyring_public *public = NULL;

	if (*conf->bus_server_public) {
		snprintf(out, 41, "%s", conf->bus_server_public);
		return 0;
	}
	if (keyring_public_load(conf->data_dir, &public, why))
		return -EACCES;
	if (keyring_curve_public(public, "router", out))
		return 0;
	*why = mem_text("The router's CURVE key is neither in keys/public nor in bus.server_public; a bus on tcp needs it.");
	return -ENOKEY;
}

int curve_for(const struct conf *conf, const char *socket, const char *file, struct sock_curve *keys,
              const struct sock_curve **use, char **why)
{
	AUTO(mem_free) char *endpoint = conf_endpoint(conf, socket);
	struct keyring_curve *own = NULL;

	*use = NULL;
	*keys = (struct sock_curve){ .server = false };
	if (strncmp(endpoint, "tcp://", 6) != 0)
		return 0;
	if (server_key(conf, keys->server_key, why) || keyring_curve_load(conf->data_dir, file, &own, why))
		return -EACCES;
	memcpy(keys->public_key, own->curve_public, sizeof(keys->public_key));
	memcpy(keys->secret_key, own->curve_secret, sizeof(keys->secret_key));
	seal_locked_free(&own);
	*use = keys;
	return 0;
}
