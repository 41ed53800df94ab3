// SPDX-License-Identifier: GPL-2.0-only
/* Who a client is, and tables keyed by it. Client bytes are attacker bytes: every hash is keyed. */
#include "dhcpk.h"

static siphash_key_t *hash_key(void)
{
	static siphash_key_t key __read_mostly;

	net_get_random_once(&key, sizeof(key));
	return &key;
}

/**
 * dhcpk_id_of_client - the identity that a client claims with option 61
 * @msg: its message; option 61 must be there
 *
 * Return: the identity; it points into the message.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of_client(const struct dhcp_msg *msg)
{
	return (struct dhcpk_id){
		.kind = DHCPK_ID_CLIENT,
		.len = msg->client_id.len,
		.data = msg->client_id.data,
	};
}

/**
 * dhcpk_id_of_chaddr - the identity of a client's hardware
 * @msg: its message
 *
 * Return: the identity; it points into the message. Its length is 0 if the client shows no hardware address.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of_chaddr(const struct dhcp_msg *msg)
{
	return (struct dhcpk_id){
		.kind = msg->hdr->htype,
		.len = msg->hdr->hlen,
		.data = msg->hdr->chaddr,
	};
}

/**
 * dhcpk_id_hash - a keyed hash of an identity
 * @id: the identity
 * @key: whose hash it is
 *
 * Context: any.
 */
u64 dhcpk_id_hash(const struct dhcpk_id *id, const siphash_key_t *key)
{
	return siphash(id->data, id->len, key) ^ id->kind;
}

static u32 hash_of_key(const void *data, u32 len, u32 seed)
{
	return dhcpk_id_hash(data, hash_key()) ^ seed;
}

static u32 hash_of_node(const void *obj, u32 len, u32 seed)
{
	const struct dhcpk_id_node *n = obj;

	return hash_of_key(&n->id, len, seed);
}

static int compare(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct dhcpk_id_node *n = obj;
	const struct dhcpk_id *id = arg->key;

	return id->kind != n->id.kind || id->len != n->id.len || memcmp(id->data, n->id.data, id->len);
}

static const struct rhashtable_params params = {
	.head_offset		= offsetof(struct dhcpk_id_node, node),
	.key_offset		= offsetof(struct dhcpk_id_node, id),
	.key_len		= sizeof(struct dhcpk_id),
	.hashfn			= hash_of_key,
	.obj_hashfn		= hash_of_node,
	.obj_cmpfn		= compare,
	.automatic_shrinking	= true,
};

/**
 * dhcpk_id_table_init - make an empty table
 * @t: the table
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_id_table_init(struct dhcpk_id_table *t)
{
	return rhashtable_init(&t->table, &params);
}

/**
 * dhcpk_id_table_destroy - end a table, not what is in it
 * @t: the table
 *
 * Context: process.
 */
void dhcpk_id_table_destroy(struct dhcpk_id_table *t)
{
	rhashtable_destroy(&t->table);
}

/**
 * dhcpk_id_table_insert - add a node under its identity
 * @t: the table
 * @n: the node; the identity's bytes stay where they are as long as it is in the table
 *
 * Return: 0, -EEXIST, or -errno for lack of memory.
 * Context: any; the table's writers exclude each other.
 */
int dhcpk_id_table_insert(struct dhcpk_id_table *t, struct dhcpk_id_node *n)
{
	return rhashtable_lookup_insert_key(&t->table, &n->id, &n->node, params);
}

/**
 * dhcpk_id_table_remove - take a node out
 * @t: the table
 * @n: a node that is in it
 *
 * Context: any; the table's writers exclude each other. The node may be freed after a grace period.
 */
void dhcpk_id_table_remove(struct dhcpk_id_table *t, struct dhcpk_id_node *n)
{
	rhashtable_remove_fast(&t->table, &n->node, params);
}

/**
 * dhcpk_id_table_find - the node of an identity
 * @t: the table
 * @id: the identity
 *
 * Return: the node or NULL.
 * Context: any; under RCU, or with the table's writers excluded.
 */
struct dhcpk_id_node *dhcpk_id_table_find(struct dhcpk_id_table *t, const struct dhcpk_id *id)
{
	return rhashtable_lookup_fast(&t->table, id, params);
}

static struct dhcpk_id id_of_circuit(const struct dhcp_msg *msg)
{
	const struct dhcp_bytes *circuit = &msg->agent.circuit_id;

	return (struct dhcpk_id){ .kind = DHCPK_ID_CIRCUIT, .len = circuit->len, .data = circuit->data };
}

/* A reservation for what the relay says of a port, or the client of itself, is meant more precisely than one by hardware. */
static const struct dhcpk_host *find_host(const struct dhcpk_pool *pool, const struct dhcp_msg *msg)
{
	const struct dhcpk_id ids[] = { id_of_circuit(msg), dhcpk_id_of_client(msg), dhcpk_id_of_chaddr(msg) };
	struct dhcpk_id_table *hosts = (struct dhcpk_id_table *)&pool->host_by_id;
	struct dhcpk_id_node *n;
	unsigned int i;

	if (list_empty(&pool->hosts))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		n = ids[i].len ? dhcpk_id_table_find(hosts, &ids[i]) : NULL;
		if (n)
			return container_of(n, struct dhcpk_host, by_id);
	}
	return NULL;
}

/* RFC 2131 section 4.2, or as the pool says. */
static struct dhcpk_id identity(const struct dhcpk_pool *pool, const struct dhcp_msg *msg)
{
	if (pool->identity == DHCPK_IDENTITY_CIRCUIT_ID && msg->agent.circuit_id.len)
		return id_of_circuit(msg);
	if (pool->identity == DHCPK_IDENTITY_MAC && msg->hdr->hlen)
		return dhcpk_id_of_chaddr(msg);
	return msg->client_id.data ? dhcpk_id_of_client(msg) : dhcpk_id_of_chaddr(msg);
}

/**
 * dhcpk_identify - step: who is it?
 * @ctx: a parsed message with its pool
 *
 * RFC 2131 section 4.2: the client identifier if there is one, else the hardware address and its type.
 *
 * Return: DHCPK_NEXT, or DHCPK_DROP for a message that names nobody.
 * Context: softirq, RCU.
 */
enum dhcpk_step dhcpk_identify(struct dhcpk_ctx *ctx)
{
	ctx->id = identity(ctx->pool, &ctx->msg);
	if (!ctx->id.len)
		return dhcpk_drop(ctx, DHCPK_STAT_DROP_RFC_VIOLATION);
	ctx->host = find_host(ctx->pool, &ctx->msg);
	return DHCPK_NEXT;
}
