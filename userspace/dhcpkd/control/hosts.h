/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_HOSTS_H
#define DHCPKD_HOSTS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/* A pool's subnet, host order; prefix 0: none */
struct net {
	uint32_t	subnet;
	uint8_t		prefix;
};

/* pool_net - the subnet of a pool; empty if there is no such pool, or it has none */
struct net pool_net(struct json_object *model, const char *pool);
bool is_in_net(const struct net *net, uint32_t ip);

/*
 * hosts_delete_of - delete the hosts of a pool
 * hosts_keep_pools - if there is only one pool, name it in the hosts that belong to it: 0, or -1
 */
void hosts_delete_of(struct json_object *model, const char *pool);
int hosts_keep_pools(struct json_object *model, struct err *e);

/*
 * host_find - find a host by the key @by, or (NULL) by its name or any client identifier. Return:
 * its name in the model, or NULL.
 */
const char *host_find(struct json_object *model, const char *by, const char *word, struct err *e);

#endif
