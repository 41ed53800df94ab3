// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identities of clients, and tables keyed by them. An attacker can choose the bytes of an identity:
 * every hash is keyed.
 */
#include "lease/id.h"

#include <linux/random.h>

siphash_key_t dhcpk_hash_key __read_mostly;

/**
 * dhcpk_id_init - choose the key of the hash tables
 *
 * The key is chosen before the first packet. get_random_once() would patch the code of the data
 * path while other processors execute it.
 *
 * Context: process, while the module is loaded.
 */
void dhcpk_id_init(void)
{
	get_random_bytes(&dhcpk_hash_key, sizeof(dhcpk_hash_key));
}

/**
 * dhcpk_id_of_client - the client identifier (option 61) as identity
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
 * dhcpk_id_of_chaddr - the hardware address of a client as identity
 * @msg: its message
 *
 * Return: the identity; it points into the message. Its length is 0 if the message has no hardware
 *	address.
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
 * dhcpk_id_of - the identity of a node
 * @n: the node
 *
 * Return: the identity; it points into the lease or host.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of(const struct dhcpk_id_node *n)
{
	return (struct dhcpk_id){ .kind = n->kind, .len = n->len, .data = (const u8 *)n + n->at };
}

/**
 * dhcpk_id_hash - a keyed hash of an identity
 * @id: the identity
 * @key: the key of the hash
 *
 * Context: any.
 */
u64 dhcpk_id_hash(const struct dhcpk_id *id, const siphash_key_t *key)
{
	return siphash(id->data, id->len, key) ^ id->kind;
}

static u32 hash_of_key(const void *data, u32 len, u32 seed)
{
	return dhcpk_id_hash(data, &dhcpk_hash_key) ^ seed;
}

static u32 hash_of_node(const void *obj, u32 len, u32 seed)
{
	const struct dhcpk_id id = dhcpk_id_of(obj);

	return hash_of_key(&id, len, seed);
}

/**
 * dhcpk_id_is - does a node have this identity?
 * @n: the node
 * @id: the identity
 *
 * Context: any.
 */
bool dhcpk_id_is(const struct dhcpk_id_node *n, const struct dhcpk_id *id)
{
	return id->kind == n->kind && id->len == n->len &&
	       !memcmp(id->data, (const u8 *)n + n->at, id->len);
}

static int compare_id(struct rhashtable_compare_arg *arg, const void *obj)
{
	return !dhcpk_id_is(obj, arg->key);
}

static const struct rhashtable_params id_table_params = {
	.head_offset		= offsetof(struct dhcpk_id_node, node),
	.key_len		= sizeof(struct dhcpk_id),
	.hashfn			= hash_of_key,
	.obj_hashfn		= hash_of_node,
	.obj_cmpfn		= compare_id,
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
	return rhashtable_init(&t->table, &id_table_params);
}

/**
 * dhcpk_id_table_destroy - free a table, but not the nodes in it
 * @t: the table
 *
 * Context: process.
 */
void dhcpk_id_table_destroy(struct dhcpk_id_table *t)
{
	rhashtable_destroy(&t->table);
}

static struct rb_root tree_of(const struct dhcpk_id_node *any)
{
	struct rb_node *n = (struct rb_node *)&any->sibling;

	while (rb_parent(n))
		n = rb_parent(n);
	return (struct rb_root){ n };
}

static bool is_before(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct dhcpk_id_node, sibling)->addr <
	       rb_entry(b, struct dhcpk_id_node, sibling)->addr;
}

/**
 * dhcpk_id_table_insert - add a node under its identity; other nodes may have the same identity
 * @t: the table
 * @n: the node; the bytes of its identity stay in place as long as the node is in the table
 *
 * Return: 0 or -errno for lack of memory.
 * Context: any; the caller excludes other writers of the table.
 */
int dhcpk_id_table_insert(struct dhcpk_id_table *t, struct dhcpk_id_node *n)
{
	const struct dhcpk_id id = dhcpk_id_of(n);
	const struct dhcpk_id_node *any =
		rhashtable_lookup_get_insert_key(&t->table, &id, &n->node, id_table_params);
	struct rb_root tree;

	if (IS_ERR(any))
		return PTR_ERR(any);
	n->in_table = !any;
	tree = any ? tree_of(any) : RB_ROOT;
	rb_add(&n->sibling, &tree, is_before);
	return 0;
}

/**
 * dhcpk_id_table_remove - remove a node
 * @t: the table
 * @n: a node that is in it
 *
 * Context: any; the caller excludes other writers of the table. The node may be freed after a grace
 *	period.
 */
void dhcpk_id_table_remove(struct dhcpk_id_table *t, struct dhcpk_id_node *n)
{
	struct rb_node *other = rb_next(&n->sibling) ?: rb_prev(&n->sibling);
	struct rb_root tree = tree_of(n);
	struct dhcpk_id_node *heir = rb_entry_safe(other, struct dhcpk_id_node, sibling);

	rb_erase(&n->sibling, &tree);
	if (!n->in_table)
		return;
	n->in_table = false;
	if (heir) {
		heir->in_table = true;
		WARN_ON_ONCE(
			rhashtable_replace_fast(&t->table, &n->node, &heir->node, id_table_params));
	} else {
		rhashtable_remove_fast(&t->table, &n->node, id_table_params);
	}
}

/**
 * dhcpk_id_table_find - any node of an identity
 * @t: the table
 * @id: the identity
 *
 * Return: a node for dhcpk_id_next_on_link(), or NULL.
 * Context: any; either RCU, or the caller excludes writers of the table.
 */
struct dhcpk_id_node *dhcpk_id_table_find(const struct dhcpk_id_table *t, const struct dhcpk_id *id)
{
	return rhashtable_lookup_fast((struct rhashtable *)&t->table, id, id_table_params);
}

/**
 * dhcpk_id_node_from - the node of an identity with the lowest address that is not below @addr
 * @any: a node of the identity
 * @addr: host order; above U32_MAX there is no node
 *
 * Return: the node, or NULL.
 * Context: any; the caller excludes writers of the table.
 */
struct dhcpk_id_node *dhcpk_id_node_from(const struct dhcpk_id_node *any, u64 addr)
{
	struct rb_node *at = tree_of(any).rb_node;
	struct dhcpk_id_node *found = NULL;

	while (at) {
		struct dhcpk_id_node *n = rb_entry(at, struct dhcpk_id_node, sibling);

		if (n->addr >= addr) {
			found = n;
			at = at->rb_left;
		} else {
			at = at->rb_right;
		}
	}
	return found;
}

/**
 * dhcpk_id_of_circuit - the circuit-id of a client as identity
 * @msg: its message
 *
 * Return: the identity; it points into the message. Its length is 0 if the message has no
 *	circuit-id.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of_circuit(const struct dhcp_msg *msg)
{
	const struct dhcp_bytes *circuit = &msg->agent.circuit_id;

	return (struct dhcpk_id){ .kind = DHCPK_ID_CIRCUIT,
				  .len = circuit->len,
				  .data = circuit->data };
}

/**
 * dhcpk_id_for - a client's identity, by RFC 2131 section 4.2 or by the identity of the pool
 * @identity: enum dhcpk_identity
 * @msg: the client's message
 *
 * Return: the identity; it points into the message. Its length is 0 if the message identifies no
 *	client.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_for(u8 identity, const struct dhcp_msg *msg)
{
	if (identity == DHCPK_IDENTITY_CIRCUIT_ID && msg->agent.circuit_id.len)
		return dhcpk_id_of_circuit(msg);
	if (identity == DHCPK_IDENTITY_MAC && msg->hdr->hlen)
		return dhcpk_id_of_chaddr(msg);
	return msg->client_id.data ? dhcpk_id_of_client(msg) : dhcpk_id_of_chaddr(msg);
}

/**
 * dhcpk_id_made_by - can a pool with this identity have made a lease that has this node?
 * @n: the node
 * @identity: enum dhcpk_identity, that of the pool now
 *
 * A pool with identity circuit-id also uses option 61, for a client without a relay. This function
 * returns false for such a lease: its client gets a new lease by its circuit-id.
 *
 * Context: any.
 */
bool dhcpk_id_made_by(const struct dhcpk_id_node *n, u8 identity)
{
	switch (identity) {
	case DHCPK_IDENTITY_MAC:
		return n->kind < DHCPK_ID_CLIENT;
	case DHCPK_IDENTITY_CLIENT_ID:
	case DHCPK_IDENTITY_CLIENT_ID_STRICT:
		return n->kind <= DHCPK_ID_CLIENT;
	default:
		return n->kind != DHCPK_ID_CLIENT;
	}
}
