// SPDX-License-Identifier: GPL-2.0-or-later
/* Hosts of the model: which pool a host belongs to, and which host a request means. */
#include <string.h>
#include <strings.h>

#include "dhcpkd/control/hosts.h"
#include "lib/model/model.h"
#include "lib/conv.h"

static const char *only_pool(struct json_object *model)
{
	struct json_object *pools = model_objects(model, POOL);

	json_object_object_foreach(pools, name, pool) {
		(void)pool;
		return json_object_object_length(pools) == 1 ? name : NULL;
	}
	return NULL;
}

struct net pool_net(struct json_object *model, const char *pool)
{
	struct json_object *object = json_object_object_get(model_objects(model, POOL), pool);
	const char *text = object ? model_text(object, "subnet", 0) : NULL;
	struct net net = {};

	return text && !parse_cidr(text, &net.subnet, &net.prefix) ? net : (struct net){};
}

bool is_in_net(const struct net *net, uint32_t ip)
{
	return net->prefix && !((ip ^ net->subnet) >> (32 - net->prefix));
}

static bool is_of_pool(struct json_object *host, const char *pool, const struct net *net, bool only)
{
	const char *name = model_text(host, "pool", 0), *text = model_text(host, "ip", 0);
	uint32_t ip;

	if (name)
		return !strcmp(name, pool);
	return text ? !parse_ip(text, &ip) && is_in_net(net, ip) : only;
}

/* Deleting a pool also deletes its hosts, even those that belong to it only by their address. */
void hosts_delete_of(struct json_object *model, const char *pool)
{
	struct json_object *kept = json_object_new_object();
	const struct net net = pool_net(model, pool);
	bool only = only_pool(model) != NULL;

	json_object_object_foreach(model_objects(model, HOST), name, host) {
		if (!is_of_pool(host, pool, &net, only))
			json_object_object_add(kept, name, json_object_get(host));
	}
	json_object_object_add(model, "hosts", kept);
}

/* Compare bytes in any notation. Host names are compared without regard to case. */
static bool host_has_value(struct json_object *host, const char *key, const char *word)
{
	const char *text = model_text(host, key, 0);
	uint8_t mac[6], other[6], id[255], other_id[255];
	size_t len, other_len;

	if (!text)
		return false;
	if (!strcmp(key, "mac") && !parse_mac(word, mac) && !parse_mac(text, other))
		return !memcmp(mac, other, sizeof(mac));
	if (strcmp(key, "mac") && !parse_bytes(word, id, sizeof(id), &len) &&
	    !parse_bytes(text, other_id, sizeof(other_id), &other_len))
		return len == other_len && !memcmp(id, other_id, len);
	return !strcasecmp(text, word);
}

/* Without @by, match a host's name or any of its client identifiers. */
static bool is_match(const char *name, struct json_object *host, const char *by, const char *word)
{
	if (by)
		return host_has_value(host, by, word);
	return !strcasecmp(name, word) || host_has_value(host, "mac", word) ||
	       host_has_value(host, "client-id", word) || host_has_value(host, "circuit-id", word);
}

/* Return: the name of the matching host; NULL if there is none, or more than one */
const char *host_find(struct json_object *model, const char *by, const char *word, struct err *e)
{
	struct json_object *hosts = model_objects(model, HOST);
	const char *found = NULL;

	if (!by && json_object_object_get(hosts, word))
		return word;
	json_object_object_foreach(hosts, name, host) {
		if (!is_match(name, host, by, word))
			continue;
		if (found) {
			err_set(e, word,
				"\"%s\" may be the host \"%s\" or \"%s\": say which by its name",
				word, found, name);
			return NULL;
		}
		found = name;
	}
	if (!found && by)
		err_set(e, word, "there is no host with %s %s", by, word);
	else if (!found)
		err_set(e, word, "there is no host \"%s\"", word);
	return found;
}

/*
 * A host with neither address nor pool belongs to the only pool, and stays there when another is
 * added.
 */
int hosts_keep_pools(struct json_object *model, struct err *e)
{
	const char *pool = only_pool(model);

	if (!pool)
		return 0;
	json_object_object_foreach(model_objects(model, HOST), name, host) {
		(void)name;
		if (model_text(host, "ip", 0) || model_text(host, "pool", 0))
			continue;
		if (model_value(host, HOST, "pool", pool, e))
			return -1;
	}
	return 0;
}
