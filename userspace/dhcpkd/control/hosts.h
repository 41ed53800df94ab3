/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DHCPKD_HOSTS_H
#define DHCPKD_HOSTS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/* A pool's subnet, host order; a prefix of 0: none */
struct net {
	uint32_t	subnet;
	uint8_t		prefix;
};

/* pool_net - that of a pool of the model, if there is one of this name and it has one */
struct net pool_net(struct json_object *model, const char *pool);
bool is_in_net(const struct net *net, uint32_t ip);

/* hosts_delete_of - a pool takes its hosts with it; hosts_keep_pools - those of the only pool stay its when there is another: -1 */
void hosts_delete_of(struct json_object *model, const char *pool);
int hosts_keep_pools(struct json_object *model, struct err *e);

/* host_find - by a name or what a client is known by (@by NULL), or by a key alone: the name that it has in the model, or NULL */
const char *host_find(struct json_object *model, const char *by, const char *word, struct err *e);

#endif
